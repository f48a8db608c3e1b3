internal import IonDigest
internal import IonJSON
internal import IonWorkflow

/// Everything that decides whether an earlier success of a step still holds. Two steps with the same fingerprint would be
/// given the same; nothing in it says what a secret is.
struct StepFingerprint: Hashable, Codable, Sendable {
  /// The workflow and the node, by their names: successes are shared between runs, not between nodes.
  var workflow: String
  var node: NodeID
  /// SHA-256 of what the node's definition says, and of its script where that is a file.
  var definition: String
  /// What `cache.key` came to; nil where there is none.
  var key: String?
  /// What the step is given, by how a text names it: SHA-256 of each value.
  var values: [String: String]
  /// The names in the step's environment, sorted, without those that every step has.
  var environment: [String]
  /// How those stand that the node waits for: its status, and the SHA-256 of its output where it has one.
  var upstream: [String: String]
  /// The files that `cache.inputs` names, by their paths: SHA-256 of each.
  var files: [String: String]

  /// Stands for the whole: 64 hexadecimal digits.
  func digest() throws(JSONEncodingFailure) -> String {
    // The members of a dictionary come in no order; here they have one.
    let parts: JSONValue = [
      "workflow": .string(workflow), "node": .string(node.rawValue), "definition": .string(definition),
      "key": key.map(JSONValue.string) ?? .null, "values": Self.sorted(values),
      "environment": .array(environment.map(JSONValue.string)), "upstream": Self.sorted(upstream),
      "files": Self.sorted(files),
    ]
    return SHA256.hex(of: parts.serialized())
  }

  private static func sorted(_ parts: [String: String]) -> JSONValue {
    .array(parts.sorted { $0.key < $1.key }.map { .array([.string($0.key), .string($0.value)]) })
  }
}

extension StepFingerprint {
  /// How many differences of one kind are told one by one.
  private static let told = 5

  /// What is not the same as it was, each as half a sentence for people; empty where nothing is.
  func differences(from old: StepFingerprint) -> [String] {
    var found: [String] = []
    if definition != old.definition { found.append("what the node's definition says is different") }
    if key != old.key {
      found.append("`cache.key` is \(Self.quoted(key)) and was \(Self.quoted(old.key))")
    }
    found += Self.changes(values, old.values) { name, change in
      switch change {
      case .other: "the value of `\(name)` is different"
      case .new: "`\(name)` is given now"
      case .gone: "`\(name)` is not given any more"
      }
    }
    found += Self.changes(upstream, old.upstream) { name, change in
      switch change {
      case .other: "`\(name)` came to something else"
      case .new: "it waits for `\(name)` now"
      case .gone: "it does not wait for `\(name)` any more"
      }
    }
    found += Self.changes(files, old.files) { name, change in
      switch change {
      case .other: "the file `\(name)` was changed"
      case .new: "the file `\(name)` is new"
      case .gone: "the file `\(name)` is gone"
      }
    }
    let names = Dictionary(environment.map { ($0, "") }) { first, _ in first }
    let oldNames = Dictionary(old.environment.map { ($0, "") }) { first, _ in first }
    found += Self.changes(names, oldNames) { name, change in
      change == .gone ? "the environment has no `\(name)` any more" : "the environment has `\(name)` now"
    }
    return found
  }

  private enum Change { case other, new, gone }

  private static func changes(
    _ new: [String: String], _ old: [String: String], _ words: (String, Change) -> String
  ) -> [String] {
    let names = Set(new.keys).union(old.keys).filter { new[$0] != old[$0] }.sorted()
    var told = names.prefix(Self.told).map { name in
      words(name, new[name] == nil ? .gone : old[name] == nil ? .new : .other)
    }
    if names.count > Self.told { told.append("\(names.count - Self.told) more of that kind") }
    return told
  }

  private static func quoted(_ text: String?) -> String {
    guard let text else { return "not there" }
    return "`\(text.count > 80 ? text.prefix(80) + "…" : text)`"
  }
}
