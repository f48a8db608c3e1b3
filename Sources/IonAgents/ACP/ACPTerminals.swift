internal import IonJSON
internal import IonLock
internal import IonProcess
internal import IonWorkflow

/// The commands that an agent has run for it, each a step's process of its own. One thread's, but for the posts.
final class ACPTerminals {
  /// What happens to a terminal, told on the thread that sees it through.
  enum Event: Sendable {
    case started(Int)
    case ended(Int, Result<StepResult, ProcessFailure>)
  }

  /// How many may run at once.
  private static let most = 32
  /// What one may print; its log is on the disk.
  private static let mostOutput = 256 * 1024 * 1024
  /// What it gets to end where it must.
  static let grace = Duration.seconds(1)

  private struct Terminal {
    let holder = TurnProcess()
    let tail: Guarded<TerminalTail>
    /// Who waits for its start, and for its end.
    var creator: ACPTicket?
    var waiting: [ACPTicket] = []
    /// How it ended; nil while it runs.
    var exit: JSONValue?
    var isReleased = false
  }

  private let request: AgentRequest
  private let post: @Sendable (Event) -> Void
  private var terminals: [Int: Terminal] = [:]
  private var count = 0

  init(_ request: AgentRequest, post: @escaping @Sendable (Event) -> Void) {
    self.request = request
    self.post = post
  }

  /// Whether none runs.
  var areOver: Bool { terminals.values.allSatisfy { $0.exit != nil } }

  /// Ends all that run.
  func endAll() {
    for terminal in terminals.values where terminal.exit == nil { terminal.holder.cancel(grace: Self.grace) }
  }

  /// Does what an agent asks for; nil where the answer comes with an event.
  func perform(_ work: ACPWork, _ ticket: ACPTicket) -> ACPWorkResult? {
    do throws(ACPError) {
      switch work {
      case .createTerminal(let wanted):
        try create(wanted, ticket)
        return nil
      case .terminalOutput(let id): return ACPWorkResult(.success(output(try number(id))))
      case .waitForExit(let id):
        let number = try number(id)
        if let exit = terminals[number]?.exit { return ACPWorkResult(.success(exit)) }
        terminals[number]?.waiting.append(ticket)
        return nil
      case .killTerminal(let id):
        terminals[try number(id)]?.holder.cancel(grace: Self.grace)
      case .releaseTerminal(let id):
        let number = try number(id)
        terminals[number]?.isReleased = true
        if terminals[number]?.exit == nil { terminals[number]?.holder.cancel(grace: Self.grace) }
      case .readFile, .writeFile: throw .failed("that is no terminal's work")
      }
      return ACPWorkResult(.success([:]))
    } catch {
      return ACPWorkResult(.failure(error))
    }
  }

  /// Takes up what happened; the requests that are answered by it.
  func take(_ event: Event) -> [(ACPTicket, ACPWorkResult)] {
    switch event {
    case .started(let number):
      guard let creator = terminals[number]?.creator.take() else { return [] }
      return [(creator, ACPWorkResult(.success(["terminalId": .string(Self.id(number))])))]
    case .ended(let number, .failure(let failure)):
      let terminal = terminals.removeValue(forKey: number)
      return terminal?.creator.map { [($0, ACPWorkResult(.failure(.failed("\(failure)"))))] } ?? []
    case .ended(let number, .success(let result)):
      let exit = Self.exit(result)
      terminals[number]?.exit = exit
      let waiting = terminals[number]?.waiting ?? []
      terminals[number]?.waiting = []
      return waiting.map { ($0, ACPWorkResult(.success(exit))) }
    }
  }

  private static func id(_ number: Int) -> String { AgentRequest.folder(ofTerminal: number) }

  private func number(_ id: String) throws(ACPError) -> Int {
    guard let number = terminals.first(where: { Self.id($0.key) == id && !$0.value.isReleased })?.key else {
      throw .notFound("there is no terminal `\(id.shortened(to: 200))`")
    }
    return number
  }

  private func output(_ number: Int) -> JSONValue {
    guard let terminal = terminals[number] else { return .null }
    let (text, isTruncated) = terminal.tail.withLock { ($0.text, $0.isTruncated) }
    var answer: JSONObject = ["output": .string(text), "truncated": .bool(isTruncated)]
    answer["exitStatus"] = terminal.exit
    return .object(answer)
  }

  private static func exit(_ result: StepResult) -> JSONValue {
    switch result.exit {
    case .exited(let code)?: ["exitCode": .integer(Int64(code)), "signal": .null]
    case .signalled(let signal)?: ["exitCode": .null, "signal": .string(ExitMeaning.name(ofSignal: signal))]
    case nil: ["exitCode": .null, "signal": .null]
    }
  }

  // MARK: Starting

  private func create(_ wanted: ACPTerminalRequest, _ ticket: ACPTicket) throws(ACPError) {
    guard terminals.values.count(where: { $0.exit == nil }) < Self.most else {
      throw .failed("\(Self.most) terminals run already; release some")
    }
    let number = count + 1
    let command = try command(wanted, number)
    count = number
    let terminal = Terminal(tail: Guarded(TerminalTail(limit: wanted.outputLimit)), creator: ticket)
    terminals[number] = terminal
    let files = OutputFiles(request.folder.appending(Self.id(number)), below: request.root)
    let onBytes: @Sendable (StepStream, UnsafeRawBufferPointer) -> Void = { [terminal] _, bytes in
      let isTooMuch = terminal.tail.withLock { tail in
        tail.add(bytes)
        return tail.count > Self.mostOutput
      }
      if isTooMuch { terminal.holder.cancel(grace: .zero) }
    }
    StepProcess.launch(command, output: files, onBytes: onBytes) { [terminal, post] process in
      terminal.holder.began(process)
      post(.started(number))
    } onEnd: { [terminal, post] result in
      terminal.holder.ended()
      post(.ended(number, result))
    }
  }

  private func command(_ wanted: ACPTerminalRequest, _ number: Int) throws(ACPError) -> StepCommand {
    var folder = request.workingPath
    if let wanted = wanted.folder {
      guard let path = AbsolutePath(wanted) else { throw .badParameters("`cwd` must be absolute") }
      folder = path
    }
    let environment = request.environment + wanted.environment.map { ($0.name, $0.value) }
    // Some agents give a whole line for the shell.
    let line = wanted.arguments.isEmpty ? wanted.shellLine : nil
    var command = StepCommand(
      line == nil ? wanted.command : "sh", line.map { ["-c", $0] } ?? wanted.arguments, environment: environment,
      workingDirectory: folder, marker: "\(request.marker)/\(Self.id(number))")
    command.secrets = request.secrets
    if let limit = request.environmentLimit { command.environmentLimit = limit }
    return command
  }
}
