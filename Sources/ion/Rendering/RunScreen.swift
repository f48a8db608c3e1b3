internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow

/// One way to show a run while it goes.
protocol RunScreen {
  /// How often the picture is drawn anew; nil where it isn't.
  var tickInterval: Duration? { get }
  /// Whether a notification said that the run has ended, or waits for a person.
  var hasEnded: Bool { get }
  /// Whether the last notification said that the run waits for answers alone.
  var waitsForAnswers: Bool { get }
  /// Forgets that it waits, until the next notification says so: it was answered.
  mutating func goOn()
  mutating func show(_ news: RunNews)
  /// Steps whose end a notification tells, and of which more was printed than was shown, or may have been.
  func unheard(before news: RunNews) -> [Unheard]
  /// Shows bytes of a step's log.
  mutating func show(_ node: NodeID, _ stream: StepStream, _ text: String, from start: Int, to end: Int)
  mutating func tick()
  /// Shows a word to whoever looks on.
  mutating func say(_ text: String)
  /// Shows lines below everything else, and leaves the rest of the screen to whoever asks something.
  mutating func leave(_ lines: [String])
  /// Whether `finish` looks at the run's nodes.
  var finishesWithNodes: Bool { get }
  /// Says how the run stands in the end.
  mutating func finish(_ run: RunShape)
}

extension RunScreen {
  var waitsForAnswers: Bool { false }
  mutating func goOn() {}
  func unheard(before news: RunNews) -> [Unheard] { [] }
  mutating func show(_ node: NodeID, _ stream: StepStream, _ text: String, from start: Int, to end: Int) {}
  mutating func say(_ text: String) { Console.warn(text) }
  mutating func leave(_ lines: [String]) { Console.lines(lines) }
}

/// A notification, read once for all that look at it.
enum RunNews {
  case progress(WorkflowProgress, JSONValue)
  case output(WorkflowOutput, JSONValue)
  case message(WorkflowMessage, JSONValue)
  case other(method: String, JSONValue)

  init(_ method: String, _ params: JSONValue) {
    if method == WorkflowProgress.method, let progress = Decoded.value(WorkflowProgress.self, params) {
      self = .progress(progress, params)
    } else if method == WorkflowOutput.method, let output = Decoded.value(WorkflowOutput.self, params) {
      self = .output(output, params)
    } else if method == WorkflowMessage.method, let message = Decoded.value(WorkflowMessage.self, params) {
      self = .message(message, params)
    } else {
      self = .other(method: method, params)
    }
  }

  /// What a run that goes on warns of.
  var warning: String? {
    if case .message(let message, _) = self, message.isWarning { message.text } else { nil }
  }

  /// As it came.
  var json: JSONValue {
    switch self {
    case .progress(_, let params): ["method": .string(WorkflowProgress.method), "params": params]
    case .output(_, let params): ["method": .string(WorkflowOutput.method), "params": params]
    case .message(_, let params): ["method": .string(WorkflowMessage.method), "params": params]
    case .other(let method, let params): ["method": .string(method), "params": params]
    }
  }
}

/// A step that has ended, and up to where each of its streams was shown.
struct Unheard {
  var node: NodeID
  var attempt: Int
  var offsets: [StepStream: Int]
}

extension RunStatus {
  /// Whether a command that follows a run has nothing more to wait for.
  var endsFollowing: Bool { !isLive || self == .awaitingApproval }
}

/// The notifications as they come, one JSON object a line; the run at the end.
struct JSONScreen: RunScreen {
  let tickInterval: Duration? = nil
  let finishesWithNodes = true
  private(set) var hasEnded = false

  mutating func show(_ news: RunNews) {
    Console.line(news.json.serializedText())
    if case .progress(let progress, _) = news { hasEnded = progress.status.endsFollowing }
  }

  func tick() {}

  func finish(_ run: RunShape) {
    Console.line(JSONValue.object(["run": Decoded.json(run)]).serializedText())
  }
}

/// Shapes and JSON, where the server's own answers are known to fit.
enum Decoded {
  static func value<Shape: WireShape>(_ shape: Shape.Type, _ json: JSONValue) -> Shape? {
    do throws(JSONDecodingFailure) {
      return try json.decode(shape)
    } catch {
      Console.warn("\(shape) can't be read: \(error)")
      return nil
    }
  }

  static func json(_ shape: some WireShape) -> JSONValue {
    do throws(JSONEncodingFailure) {
      return try JSONValue(encoding: shape)
    } catch {
      Console.warn("a \(type(of: shape)) can't be written: \(error)")
      return .null
    }
  }
}
