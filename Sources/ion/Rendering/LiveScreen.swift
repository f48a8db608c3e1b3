internal import Glibc
internal import IonJSON
internal import IonProcess
internal import IonServer
internal import IonWorkflow

/// A tree of nodes on a terminal, drawn anew in place.
struct LiveScreen: RunScreen {
  let tickInterval: Duration? = .milliseconds(100)
  let finishesWithNodes = true
  private(set) var hasEnded = false
  private(set) var waitsForAnswers = false
  private var view: RunView
  /// The last word that was said, below the tree.
  private var word: String?
  private var frame = 0
  /// The last picture's lines in characters, and the terminal that it was drawn for.
  private var drawn: (widths: [Int], columns: Int) = ([], 80)
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
      waitsForAnswers = progress.status == .awaitingApproval
    // That the run was cancelled is said in the end.
    case .message: if !hasEnded, let warning = news.warning { leave([style.yellow("! \(warning)")]) }
    case .other: break
    }
  }

  mutating func tick() {
    frame += 1
    draw()
  }

  private mutating func draw() {
    let size = Console.size
    var picture = view.draw(
      columns: size.columns, rows: size.rows - (word == nil ? 0 : 1), frame: frame, now: Self.now, style: style)
    if let word { picture.append(style.yellow(TerminalText.cut(word, to: size.columns))) }
    let height = height(at: size.columns)
    // What is wider than it has characters is cut by the terminal instead of going on in a line that nobody counted.
    var text = (height > 0 ? "\u{1B}[\(height)A" : "") + "\u{1B}[?7l"
    for line in picture { text += "\r\u{1B}[2K\(line)\n" }
    text += "\u{1B}[0J\u{1B}[?7h"
    drawn = (picture.map { TerminalText.plain($0).count }, size.columns)
    Console.write(text)
  }

  /// How many lines the last picture takes now: a terminal that became narrower has folded the longer ones.
  private func height(at columns: Int) -> Int {
    guard columns < drawn.columns else { return drawn.widths.count }
    return drawn.widths.reduce(0) { $0 + max(1, ($1 + columns - 1) / max(1, columns)) }
  }

  mutating func goOn() { (hasEnded, waitsForAnswers) = (false, false) }

  mutating func leave(_ lines: [String]) {
    draw()
    drawn.widths = []
    Console.lines(lines)
  }

  mutating func say(_ text: String) {
    word = text
    draw()
  }

  mutating func finish(_ run: RunShape) {
    word = nil
    for node in run.nodes ?? [] { view.apply(node) }
    draw()
    Console.line(RunText.end(run, style: style, inLines: true))
  }
}
