internal import IonJSON
public import IonScheduler
internal import IonWorkflow

/// What is kept of one attempt of a node with `cache`, in the attempt's log folder: what decided whether it had to run,
/// and, once it has succeeded, what it gave.
struct CacheRecord: Hashable, Codable, Sendable {
  static let fileName = "cache.json"

  struct Output: Hashable, Codable, Sendable {
    /// Bytes of stdout, which is the file of that name beside this one.
    var length: Int
    var sha256: String
    /// Whether it is a text that is short enough to be kept with the run's row.
    var isInline: Bool
  }

  struct Artifact: Hashable, Codable, Sendable {
    /// Relative to the run's artifact folder.
    var name: String
    var sha256: String
  }

  var fingerprint: StepFingerprint
  var digest: String
  var decision: CacheDecision
  /// Nil until the attempt has succeeded.
  var output: Output?
  var artifacts: [Artifact] = []
}

/// Why a node with `cache` ran, or didn't have to.
public struct CacheDecision: Hashable, Codable, Sendable {
  /// The attempt whose success was taken over: the one that ran. Nil where the node ran itself.
  public var reused: StepOrigin?
  /// The last success that the node was compared with; nil where there was none.
  public var compared: StepOrigin?
  /// What was not the same as there, each as half a sentence for people.
  public var differences: [String] = []
  /// Globs of `cache.inputs` that no file matched.
  public var unmatched: [String] = []
  /// Why nothing can be taken over from this attempt; nil where it can.
  public var obstacle: String?
}
