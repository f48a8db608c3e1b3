internal import Glibc
internal import IonDigest
internal import IonJSON
internal import IonProcess
internal import IonScheduler
internal import IonStore
internal import IonWorkflow
internal import Logging

/// Works out what starting one attempt of a node comes to: its values, its environment, its command. Starts nothing.
struct StepPlanner {
  /// How long a shell kind may take where nothing is said.
  static let usualTimeout = Duration.seconds(120)
  /// Values above this many bytes reach programs by a file: the kernel refuses an entry over 128 KB.
  static let largeValue = 64 * 1024

  let context: RunContext
  let node: Node
  let attempt: Int

  /// `sight` is what the node sees of the run.
  func plan(_ values: inout RunValues, seenBy sight: RunSight) throws(StepFailure) -> StepPlan {
    if case .matrix(let matrix) = node.kind {
      let gathering = OutputGathering(context: context, folder: folder)
      return .answer(try gathering.output(of: matrix.instances, &values, sight.node))
    }
    var scope = try values.scope(for: references + (node.include.map(values.inputs(of:)) ?? []), seenBy: sight)
    scope.matrix = node.instance?.scope ?? [:]
    switch node.kind {
    case .cancel(let text), .finish(let text): return .answer(Self.output(try resolve(text, scope)))
    case .bash(let body): return .process(try marked(bash(body, scope), scope, sight))
    case .script(let script): return .process(try marked(self.script(script, scope), scope, sight))
    case .exec(let parts): return .process(try marked(exec(parts, scope), scope, sight))
    case .prompt(let text): return .turn(try turn(text, scope, sight))
    case .command(let file): return .turn(try turn(file, scope, sight))
    case .loop, .loopGroup, .approval, .workflow, .include, .matrix:
      throw StepFailure(.missing, "This version of Ion does not run `\(node.kind.name)` nodes.")
    }
  }

  /// A process with what decides whether it has to be started.
  private func marked(
    _ plan: ProcessPlan, _ scope: ValueScope, _ sight: RunSight
  ) throws(StepFailure) -> ProcessPlan {
    guard node.cache != nil else { return plan }
    var plan = plan
    plan.fingerprint = try fingerprint(environment(scope), scope, seenBy: sight)
    return plan
  }

  /// Everything that the node's texts read.
  var references: [Reference] {
    var all = (context.definition.environment + node.environment).flatMap(\.value.references)
    all += node.bindings.flatMap(\.value.references) + (node.cache?.key?.references ?? [])
    all += node.agent.systemPrompt?.references ?? []
    switch node.kind {
    case .bash(let body): all += body.occurrences.map(\.reference)
    case .exec(let parts): all += parts.flatMap(\.references)
    case .prompt(let text), .cancel(let text), .finish(let text): all += text.references
    case .command(let file): all += file.text?.references ?? []
    case .script, .loop, .loopGroup, .approval, .workflow, .include, .matrix: break
    }
    return all
  }

  func resolve(_ template: Template, _ scope: ValueScope) throws(StepFailure) -> String {
    do {
      return try template.resolve(in: scope)
    } catch {
      throw StepFailure(.value, error.message)
    }
  }

  static func output(_ text: String) -> NodeOutput {
    NodeOutput(text: text, file: nil, length: text.utf8.count, sha256: SHA256.hex(of: text))
  }

  /// What the step sees; `provider` is what its agent's program gets, as the configuration has it.
  func environment(
    _ scope: ValueScope, beside provider: [ProviderDefinition.Variable] = []
  ) throws(StepFailure) -> StepEnvironment {
    var environment = context.environment
    for variable in provider { environment[variable.name] = variable.value }
    try environment.add(context.definition.environment, in: scope)
    environment.add(inputs: node.include.map { scope.boundInputs[$0] ?? [:] } ?? context.inputs)
    try environment.add(node.environment, in: scope)
    try environment.add(node.bindings, in: scope)
    environment.add(matrix: node.instance?.values ?? [])
    environment.addReserved(context, node: node.id, attempt: attempt, variables: scope.variables)
    return environment
  }

  private var valueFolder: AbsolutePath { folder.appending("values") }
  var folder: AbsolutePath { context.paths.log(of: node.id, attempt: attempt) }

  private func process(
    _ executable: String, _ arguments: [String], _ environment: StepEnvironment, _ files: [ProcessPlan.File]
  ) -> ProcessPlan {
    var command = StepCommand(
      executable, arguments, environment: environment.entries, workingDirectory: context.request.workingPath,
      marker: StepMarker.of(context.id, node.id, attempt: attempt, salt: UInt32.random(in: 0 ... .max)))
    command.secrets = context.mask
    if let limit = context.environmentLimit { command.environmentLimit = limit }
    let limits = StepLimits(
      timeout: node.timeout ?? Self.usualTimeout, idleTimeout: node.idleTimeout, grace: context.dependencies.stopGrace)
    return ProcessPlan(command: command, limits: limits, files: files)
  }

  /// A body whose references are variables by now, and values that bash never parses.
  private func bash(_ body: BashBody, _ scope: ValueScope) throws(StepFailure) -> ProcessPlan {
    var rewriting = body.rewritten()
    var texts: [String] = []
    for variable in rewriting.variables {
      do {
        texts.append(try variable.reference.resolveText(in: scope))
      } catch {
        throw StepFailure(.value, error.message)
      }
    }
    var environment = try environment(scope)
    for (name, value) in environment.takeLarge(over: Self.largeValue) {
      rewriting.variables.append(BashRewriting.Variable(name: name, reference: Reference(.input(name))))
      texts.append(value)
    }
    let shared: StepValues
    do {
      shared = try StepValues(rewriting, values: texts, folder: valueFolder)
    } catch {
      throw StepFailure(.value, error.message)
    }
    for entry in shared.environment { environment[entry.name] = entry.value }
    var files = shared.files.map { file in
      ProcessPlan.File(path: valueFolder.appending(file.name), bytes: file.bytes, isTemporary: true)
    }
    guard shared.needsFile else { return process("bash", ["-c", shared.text], environment, files) }
    let body = folder.appending("body.bash")
    files.append(ProcessPlan.File(path: body, bytes: Array(shared.text.utf8), isTemporary: false))
    return process("bash", [body.text], environment, files)
  }

  private func exec(_ parts: [Template], _ scope: ValueScope) throws(StepFailure) -> ProcessPlan {
    var words: [String] = []
    for part in parts { words.append(try resolve(part, scope)) }
    guard let program = words.first, !program.isEmpty else { throw StepFailure(.value, "`exec` names no program.") }
    if let long = words.first(where: { $0.utf8.count >= 128 * 1024 }) {
      throw StepFailure(
        .value,
        "an argument of \(long.utf8.count) bytes is more than the kernel hands over (128 KB); use `with` and a script.")
    }
    var environment = try environment(scope)
    let files = spill(&environment)
    return process(program, Array(words.dropFirst()), environment, files)
  }

  private func script(_ script: Script, _ scope: ValueScope) throws(StepFailure) -> ProcessPlan {
    let runtime = ScriptRuntime(script.runtime, dependencies: script.dependencies)
    var environment = try environment(scope)
    var files = spill(&environment)
    switch script.source {
    case .inline(let text):
      if let arguments = runtime.arguments(text: text) {
        return process(runtime.program, arguments, environment, files)
      }
      let file = folder.appending(runtime.fileExtension.isEmpty ? "script" : "script." + runtime.fileExtension)
      files.append(ProcessPlan.File(path: file, bytes: Array(text.utf8), isTemporary: false))
      return process(runtime.program, runtime.arguments(file: file), environment, files)
    case .named(let name):
      let file = try namedScript(name, script, &files)
      return process(runtime.program, runtime.arguments(file: file), environment, files)
    }
  }

  /// The script's own file while it is what the run froze, else a copy of what was frozen.
  private func namedScript(
    _ name: String, _ script: Script, _ files: inout [ProcessPlan.File]
  ) throws(StepFailure) -> AbsolutePath {
    let current = ScriptLibrary.file(name, runtime: script, root: context.root)
    guard let hash = context.request.frozenFiles[name] else {
      throw StepFailure(.missing, "The script `\(name)` was not kept with the run.")
    }
    if let current, ArtifactCollector.digest(current) == hash { return current }
    guard let text = context.frozenTexts[hash] else {
      throw StepFailure(.missing, "The script `\(name)` has changed, and the run's own copy of it is gone.")
    }
    context.dependencies.logger.notice("run \(context.id): the script \(name) has changed; its frozen copy is used")
    let ending = current?.fileExtension ?? ScriptRuntime(script.runtime, dependencies: []).fileExtension
    let file = folder.appending(ending.isEmpty ? "script" : "script." + ending)
    files.append(ProcessPlan.File(path: file, bytes: Array(text.utf8), isTemporary: false))
    return file
  }

  /// Moves values that are too large for one entry into files; the program finds them by `NAME_FILE`.
  func spill(_ environment: inout StepEnvironment) -> [ProcessPlan.File] {
    environment.takeLarge(over: Self.largeValue).map { name, value in
      let file = valueFolder.appending(name)
      environment[name + "_FILE"] = file.text
      return ProcessPlan.File(path: file, bytes: Array(value.utf8), isTemporary: true)
    }
  }
}
