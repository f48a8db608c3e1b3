public import IonRPC

/// A request that this server answers. One file each: its wire name, its shapes, its place in the queue, its errors, its
/// examples and its handler stand together; `Catalog` lists them all.
public protocol ServedRequest: WireRequest where Params: WireShape, Result: WireShape {
  /// The name on the wire, `noun/verb`.
  static var method: String { get }
  /// How it queues behind what came before it. There is no default: each method says it.
  static var ordering: Ordering { get }
  static var spec: Spec<Self> { get }
  /// Whether it changes nothing and may take as long as the client likes: its task is cancelled when the client can send
  /// nothing more.
  static var onlyWaits: Bool { get }
  /// Whether it may set a run going, or does something to one that everybody is told of, so that nothing that the
  /// connection is told of runs goes out before the answer. Such requests are serial.
  static var startsRuns: Bool { get }

  /// Answers the request. A notification that it causes goes out after the answer.
  static func handle(_ params: Params, in session: Session) async throws(Failure) -> Result
}

extension ServedRequest {
  public static var onlyWaits: Bool { false }
  public static var startsRuns: Bool { false }
}

/// What the protocol's pages say about a request.
public struct Spec<Request: ServedRequest>: Sendable {
  /// One sentence or a few.
  public var summary: String
  /// The kinds of errors that the handler raises; a test fails when it raises another.
  public var errors: [ErrorKind]
  public var examples: [Example]

  /// One request with its answer.
  public struct Example: Sendable {
    public var name: String
    public var params: Request.Params
    public var result: Request.Result

    public init(_ name: String, _ params: Request.Params, _ result: Request.Result) {
      self.name = name
      self.params = params
      self.result = result
    }
  }

  public init(summary: String, errors: [ErrorKind] = [], examples: [Example]) {
    self.summary = summary
    self.errors = errors
    self.examples = examples
  }
}

/// A notification that this server sends.
public protocol SentNotification: WireShape {
  /// The name on the wire, `noun/verb`.
  static var method: String { get }
  /// What it is for, for the protocol's pages.
  static var summary: String { get }
  /// Whether it has a number, is kept, and can be replayed.
  static var isDurable: Bool { get }
  static var examples: [Self] { get }
}
