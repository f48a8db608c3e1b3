internal import Glibc
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
  mutating func show(_ news: RunNews)
  /// Steps whose end a notification tells, and of which more was printed than was shown, or may have been.
  func unheard(before news: RunNews) -> [Unheard]
  /// Shows bytes of a step's log.
  mutating func show(_ node: NodeID, _ stream: StepStream, _ text: String, from start: Int, to end: Int)
  mutating func tick()
  /// Whether `finish` looks at the run's nodes.
  var finishesWithNodes: Bool { get }
  /// Says how the run stands in the end.
  mutating func finish(_ run: RunShape)
}

extension RunScreen {
  func unheard(before news: RunNews) -> [Unheard] { [] }
  mutating func show(_ node: NodeID, _ stream: StepStream, _ text: String, from start: Int, to end: Int) {}
}

/// A notification, read once for all that look at it.
enum RunNews {
  case progress(WorkflowProgress, JSONValue)
  case output(WorkflowOutput, JSONValue)
  case other(method: String, JSONValue)

  init(_ method: String, _ params: JSONValue) {
    if method == WorkflowProgress.method, let progress = Decoded.value(WorkflowProgress.self, params) {
      self = .progress(progress, params)
    } else if method == WorkflowOutput.method, let output = Decoded.value(WorkflowOutput.self, params) {
      self = .output(output, params)
    } else {
      self = .other(method: method, params)
    }
  }

  /// As it came.
  var json: JSONValue {
    switch self {
    case .progress(_, let params): ["method": .string(WorkflowProgress.method), "params": params]
    case .output(_, let params): ["method": .string(WorkflowOutput.method), "params": params]
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

/// A tree of nodes on a terminal, drawn anew in place.
struct LiveScreen: RunScreen {
  let tickInterval: Duration? = .milliseconds(100)
  let finishesWithNodes = true
  private(set) var hasEnded = false
  private var view: RunView
  private var messages: [String] = []
  private var frame = 0
  /// How many lines the last picture took.
  private var height = 0
  private let style = Style(isOn: Console.isColoured)

  init(_ run: RunShape, graph: [(id: NodeID, dependsOn: [NodeID])]) {
    view = RunView(title: run.workflow, runID: run.runId, nodes: graph, now: Self.now)
  }

  private static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1000 + Int64(time.tv_nsec) / 1_000_000
  }

  mutating func show(_ news: RunNews) {
    switch news {
    case .output(let output, _): view.apply(output)
    case .progress(let progress, _):
      view.apply(progress)
      hasEnded = progress.status.endsFollowing
    case .other: break
    }
  }

  mutating func tick() {
    frame += 1
    draw()
  }

  private mutating func draw() {
    let size = Console.size
    let picture = view.draw(
      columns: size.columns, rows: size.rows, frame: frame, now: Self.now, style: style)
    var text = height > 0 ? "\u{1B}[\(height)A" : ""
    for line in picture { text += "\r\u{1B}[2K\(line)\n" }
    text += "\u{1B}[0J"
    height = picture.count
    Console.write(text)
  }

  mutating func finish(_ run: RunShape) {
    for node in run.nodes ?? [] { view.apply(node) }
    draw()
    Console.line(RunText.end(run, style: style))
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
