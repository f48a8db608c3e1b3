import Foundation
import IonEngine
import IonJSON
import IonTestSupport
import IonWorkflow

/// One scenario of `protocol-spec/transcripts`: a workspace, and everything that a client and the server say.
///
/// The first line is `{"dir": "=", "files": {…}}`, the workspace. `→` is what the client says, `←` an answer, `~` what the
/// server says by itself. What differs from run to run stands as a word in angle brackets (`<run-1>`, `<root>`, `<time>`).
struct Transcript {
  typealias Line = WireClient.Line

  var name: String
  var files: [String: String]
  var lines: [Line]

  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "protocol-spec/transcripts")

  static func names() throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".jsonl") }
      .map { String($0.dropLast(6)) }.sorted()
  }

  init(_ name: String) throws {
    self.name = name
    files = [:]
    lines = []
    let text = try String(contentsOf: Self.folder.appending(path: name + ".jsonl"), encoding: .utf8)
    for line in text.split(separator: "\n") {
      let json = try JSONParser().parse(Array(line.utf8))
      if let files = json["files"]?.objectValue {
        for member in files.members { self.files[member.key] = member.value.stringValue }
      } else if let direction = json["dir"]?.stringValue.flatMap(Line.Direction.init), let message = json["message"] {
        lines.append(Line(direction, message))
      }
    }
  }

  func write() throws {
    let files = files.sorted { $0.key < $1.key }.map { JSONObject.Member(key: $0.key, value: .string($0.value)) }
    let head: JSONValue = ["dir": "=", "files": .object(JSONObject(uniqueMembers: files))]
    let body = lines.map { JSONValue.object(["dir": .string($0.direction.rawValue), "message": $0.message]) }
    let text = ([head] + body).map { $0.serializedText() + "\n" }.joined()
    try text.write(to: Self.folder.appending(path: name + ".jsonl"), atomically: true, encoding: .utf8)
  }
}

/// The words for what differs from run to run, and what they stand for in this one.
struct TranscriptWords {
  private var meanings: [(word: String, text: String)]
  private var runs = 0

  init(_ server: ServerFixture) {
    meanings = [
      ("<root>", server.fixture.root.text), ("<folder>", server.fixture.folder.path.text),
      ("<codebase>", server.fixture.workspace.codebase.id.rawValue),
    ]
  }

  /// A message of the file as it is to be sent.
  func spoken(_ message: JSONValue) -> JSONValue {
    message.mapped { text in meanings.reduce(text) { $0.replacing($1.word, with: $1.text) } }
  }

  /// A message that was sent or heard, as the file has it.
  mutating func written(_ message: JSONValue) -> JSONValue {
    learn(message)
    return message.mapped { text in
      let known = meanings.reduce(text) { $0.replacing($1.text, with: $1.word) }
      return known.replacing(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/, with: "<time>")
        .replacing(/(in|after) \d+ ms|(in|after) \d+\.\d s/) { match in "\(match.1 ?? match.2 ?? "") <duration>" }
    }
  }

  /// Gives each run that shows itself a word of its own, and the store one.
  private mutating func learn(_ message: JSONValue) {
    message.visit { key, value in
      guard let text = value.stringValue, !text.hasPrefix("<"), !meanings.contains(where: { $0.text == text }) else {
        return
      }
      if key == "storeId" { meanings.append(("<store>", text)) }
      if key == "runId" || key == "childRunId", text.utf8.count == 16 {
        runs += 1
        meanings.append(("<run-\(runs)>", text))
      }
    }
  }
}

/// What the server said by itself, apart from how it happened to cut it: the statuses that each node and run went
/// through, the texts that each step printed, and everything else in its order.
struct TranscriptNews: Equatable {
  private(set) var said: [String: [String]] = [:]

  init(_ lines: some Sequence<WireClient.Line>) {
    for line in lines where line.direction == .notification { add(line.message) }
  }

  private mutating func add(_ message: JSONValue) {
    let params = message["params"] ?? .null
    let run = params["runId"]?.stringValue ?? ""
    let method = message["method"]?.stringValue ?? ""
    switch method {
    case "workflow/progress":
      note("\(run) status", params["status"])
      for node in params["nodes"]?.arrayValue ?? [] {
        note("\(run) node \(node["nodeId"]?.stringValue ?? "")", node["status"])
      }
    case "workflow/output":
      let key = "\(run) output \(params["nodeId"]?.stringValue ?? "") \(params["stream"]?.stringValue ?? "")"
      said[key] = [(said[key]?.first ?? "") + (params["text"]?.stringValue ?? "")]
    case "$/progress":
      // How many reports there are in between is the machine's business.
      let kind = params.at("value.kind")
      if kind != "report" { note("progress \(params["token"] ?? .null)", kind) }
    default: said["\(run) \(method)", default: []].append(params.withoutNumbers.description)
    }
  }

  /// A status that is said again is no news, nor that a node waits: it may start within the same turn.
  private mutating func note(_ key: String, _ status: JSONValue?) {
    let text = status?.stringValue ?? ""
    if text != "pending", said[key]?.last != text { said[key, default: []].append(text) }
  }

  /// Whether all of some other news is among this.
  func covers(_ other: TranscriptNews) -> Bool {
    other.said.allSatisfy { key, values in
      let mine = said[key] ?? []
      guard !key.contains(" output ") else { return mine.first?.hasPrefix(values[0]) == true }
      return mine.starts(with: values)
    }
  }
}

extension JSONValue {
  /// The value with every string changed.
  func mapped(_ change: (String) -> String) -> JSONValue {
    switch self {
    case .string(let text): .string(change(text))
    case .array(let values): .array(values.map { $0.mapped(change) })
    case .object(let object):
      .object(
        JSONObject(uniqueMembers: object.members.map { .init(key: $0.key, value: $0.value.mapped(change)) }))
    case .null, .bool, .integer, .number: self
    }
  }

  /// Calls a body with every member of every object in the value.
  func visit(_ body: (String, JSONValue) -> Void) {
    switch self {
    case .array(let values): for value in values { value.visit(body) }
    case .object(let object):
      for member in object.members {
        body(member.key, member.value)
        member.value.visit(body)
      }
    case .null, .bool, .integer, .number, .string: break
    }
  }

  /// The value with everything that counts events or measures this process as 0: how many turns a run takes depends on
  /// the machine.
  var withoutNumbers: JSONValue {
    let counted: Set<String> = [
      "seq", "lastSeq", "nextSeq", "oldestSeq", "afterSeq", "pid", "uptimeMs", "residentBytes", "memoryBytes",
    ]
    switch self {
    case .array(let values): return .array(values.map(\.withoutNumbers))
    case .object(let object):
      return .object(
        JSONObject(
          uniqueMembers: object.members.map { member in
            let isCounted = counted.contains(member.key) && member.value.integerValue != nil
            return .init(key: member.key, value: isCounted ? 0 : member.value.withoutNumbers)
          }))
    case .null, .bool, .integer, .number, .string: return self
    }
  }
}
