internal import IonJSON
internal import IonWorkflow

/// Reads what a node does from the keys of its kind.
struct KindReader {
  let context: FileContext
  let fields: Fields
  /// The key that names the kind.
  let key: YAMLKey
  /// The nodes of a `loop_group`.
  private(set) var body: [NodeDraft] = []

  init(context: FileContext, fields: Fields, key: YAMLKey) {
    self.context = context
    self.fields = fields
    self.key = key
  }

  /// The kind; nil where something is wrong with it, which is then reported.
  mutating func read() -> NodeKind? {
    switch key.text {
    case "bash": fields.bash("bash").map(NodeKind.bash)
    case "script": script
    case "exec": exec
    case "prompt": fields.template("prompt").map(NodeKind.prompt)
    case "command": fields.text("command").map { .command(PromptFile($0)) }
    case "loop": fields.fields("loop").flatMap(loop)
    case "loop_group": loopGroup()
    case "approval": fields.fields("approval").flatMap { ApprovalReader(context: context, fields: $0, key: key).read() }
    case "workflow": childWorkflow
    case "include": fields.text("include").map { .include(Include(workflow: $0)) }
    case "cancel": fields.template("cancel").map(NodeKind.cancel)
    case "finish": fields.template("finish").map(NodeKind.finish)
    default: nil
    }
  }

  // MARK: Programs

  private var exec: NodeKind? {
    guard let items = fields.list("exec") else { return nil }
    return .exec(items.compactMap { if case .template(let template, _) = $0 { template } else { nil } })
  }

  private var script: NodeKind? {
    guard let scalar = fields.scalar("script") else { return nil }
    let isInline = Self.isProgram(scalar.text)
    if isInline {
      let references = Template.parse(scalar.text).references
      context.add(references, in: scalar, of: "script")
    } else if !isScriptName(scalar) {
      return nil
    }
    guard let runtime = fields.text("runtime") else {
      if fields["runtime"] == nil && !fields.isBroken {
        context.report(
          .error, "missingKey", "`script` needs a `runtime`", at: key.range,
          hint: "it is \(WorkflowLanguage.runtimes.map { "`\($0)`" }.joined(separator: ", ")), or another program")
      }
      return nil
    }
    if !WorkflowLanguage.runtimes.contains(runtime),
      let hint = context.hint(for: runtime, among: WorkflowLanguage.runtimes)
    {
      context.report(
        .warning, "unknownRuntime", "Ion knows no runtime \(quoted(runtime)), and runs the program of that name",
        at: fields["runtime"]?.node.range ?? key.range, hint: hint)
    }
    if let deps = fields["deps"], runtime != "uv" {
      context.report(
        .warning, "misplacedKey", "`deps` counts for nothing with the runtime `\(runtime)`", at: deps.key.range,
        hint: "write `runtime: uv`")
    }
    let source = isInline ? Script.Source.inline(scalar.text) : .named(scalar.text)
    return .script(Script(source: source, runtime: runtime, dependencies: fields.texts("deps")))
  }

  /// Whether a `script` is a program's text and not a file's name: it has a line break, a blank, or a character that
  /// shells and programs give a meaning to.
  static func isProgram(_ text: String) -> Bool {
    text.utf8.contains { $0 <= 32 || Array(";(){}[]&|<>$`\"'=*?!#~".utf8).contains($0) }
  }

  private func isScriptName(_ scalar: YAMLScalar) -> Bool {
    let spec = KeySpec("script", .fileName, "")
    return ScalarCheck(check: ShapeCheck(context, spec), scalar: scalar, place: scalar.source).read(.fileName) != nil
  }

  // MARK: Loops

  private func loop(_ loop: Fields) -> NodeKind? {
    checkEnds(loop, ["until", "until_bash", "until_field"])
    if let field = loop["until_field"], fields["output_format"] == nil {
      context.report(
        .warning, "missingKey", "`until_field` reads a field of the answer, which has no form", at: field.key.range,
        hint: "give the node an `output_format`")
    }
    let body: Loop.Body
    switch (loop.template("prompt"), loop.text("command")) {
    case (let prompt?, nil): body = .prompt(prompt)
    case (nil, let command?): body = .command(PromptFile(command))
    case (nil, nil):
      if !loop.isBroken {
        context.report(.error, "missingKey", "`loop` needs a `prompt` or a `command`", at: key.range)
      }
      return nil
    case (_?, _?):
      context.report(
        .error, "severalKinds", "`loop` has a `prompt` or a `command`, not both", at: loop.place(of: "command"))
      return nil
    }
    guard let iterations = loop.integer("max_iterations") else { return nil }
    var result = Loop(body: body, maxIterations: iterations)
    result.until = loop.text("until")
    result.untilBash = loop.bash("until_bash")
    result.untilField = loop.text("until_field")
    result.freshContext = loop.flag("fresh_context") ?? false
    result.interactive = loop.flag("interactive") ?? false
    result.gateMessage = loop.template("gate_message")
    result.signalCompletes = loop.flag("signal_completes") ?? false
    return .loop(result)
  }

  private mutating func loopGroup() -> NodeKind? {
    guard let group = fields.fields("loop_group") else { return nil }
    checkEnds(group, ["until", "until_bash"])
    body = NodeReader(context: context).read(group.nodes("nodes") ?? [])
    guard let iterations = group.integer("max_iterations") else { return nil }
    var result = LoopGroup(nodes: [], maxIterations: iterations)
    result.until = group.text("until")
    result.untilBash = group.bash("until_bash")
    result.freshContext = group.flag("fresh_context") ?? false
    result.interactive = group.flag("interactive") ?? false
    result.gateMessage = group.template("gate_message")
    return .loopGroup(result)
  }

  private func checkEnds(_ loop: Fields, _ ends: [String]) {
    if !loop.isBroken, ends.allSatisfy({ loop[$0] == nil }) {
      context.report(
        .error, "endlessLoop", "`\(key.text)` has no way to end", at: key.range,
        hint: "give it \(alternatives(ends.map { "`\($0)`" }))")
    }
    if let message = loop["gate_message"], loop.flag("interactive") != true {
      context.report(
        .warning, "misplacedKey", "`gate_message` is shown by interactive loops alone", at: message.key.range,
        hint: "write `interactive: true`")
    }
  }

  // MARK: Child runs

  private var childWorkflow: NodeKind? {
    guard let name = fields.text("workflow") else { return nil }
    var child = ChildWorkflow(workflow: name)
    child.input = fields.template("input")
    child.isolation = fields.text("isolation").flatMap(ChildWorkflow.Isolation.init(rawValue:)) ?? .inherit
    if let input = fields["input"], fields["with"] != nil {
      context.report(
        .error, "severalKinds", "a child takes an `input` text or values by `with`, not both", at: input.key.range)
    }
    for key in ["env", "idle_timeout"] {
      guard let field = fields[key] else { continue }
      context.report(
        .warning, "misplacedKey", "`\(key)` counts for nothing on a child run", at: field.key.range,
        hint: key == "env" ? "give its inputs by `with`" : "write `timeout`")
    }
    if let fan = fields.fields("fan_out") {
      guard let items = items(fan) else { return nil }
      let name = fan.text("as")
      checkItemName(name, fan)
      child.fanOut = ChildWorkflow.FanOut(
        items: items, as: name, maxParallel: fan.integer("max_parallel") ?? 5,
        join: fan.text("join").flatMap(ChildWorkflow.Join.init(rawValue:)) ?? .allSuccess)
    }
    return .workflow(child)
  }

  /// An item goes to one place of the child, and nothing else does.
  private func checkItemName(_ name: String?, _ fan: Fields) {
    if name == nil, fan["as"] == nil, let input = fields["input"] {
      context.report(
        .warning, "misplacedKey", "`input` counts for nothing: each child's message is its item", at: input.key.range,
        hint: "name the child's input that gets the item: `as: item`")
    }
    guard let name, let other = fields.entries("with")?.first(where: { $0.key.text == name }) else { return }
    context.report(
      .error, "severalKinds", "the child's input \(quoted(name)) gets the item by `as`, and a value by `with`",
      at: other.key.range)
  }

  private func items(_ fan: Fields) -> ChildWorkflow.FanOut.Items? {
    guard let field = fan["items"] else { return nil }
    let values = ValueReader(context: context)
    if let scalar = field.node.scalar { return values.wholeReference(scalar, of: "items").map { .reference($0) } }
    values.refuseReferences(in: field.node)
    return field.node.json.arrayValue.map { .literal($0) }
  }
}
