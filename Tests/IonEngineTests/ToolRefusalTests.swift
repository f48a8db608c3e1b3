import IonAgents
import IonEngine
import IonStore
import IonTestSupport
import IonWorkflow
import Testing

/// What Ion does for agents that have it done, and what a node's `allowed_tools` and `denied_tools` refuse of it.
@Suite struct ToolRefusalTests {
  struct Row: Sendable, CustomStringConvertible {
    var keys: String
    var work: ToolCall
    /// What the tools are called whose uses are under way, by kinds.
    var uses: [ToolCall] = []
    /// What refuses it; nil where it is done.
    var refusal: String?

    var description: String { "\(keys) \(work.kind) \(work.input ?? "")\(work.paths)" }
  }

  private static let lacks = "nothing in the node's `allowed_tools` allows it"

  private static func has(_ entry: String) -> String { "the node's `denied_tools` have `\(entry)`" }

  private static func file(_ kind: ToolCall.Kind, _ path: String) -> ToolCall {
    ToolCall(id: "", title: "", kind: kind, paths: [path])
  }

  private static func command(_ line: String) -> ToolCall {
    ToolCall(id: "", title: "", input: line, kind: .execute)
  }

  private static func use(_ name: String, _ kind: ToolCall.Kind) -> ToolCall {
    ToolCall(id: "t", title: "", name: name, kind: kind)
  }

  static let files: [Row] = [
    Row(keys: "", work: file(.edit, "a")),
    Row(keys: ", allowed_tools: [Read]", work: file(.read, "a")),
    Row(keys: ", allowed_tools: [Read]", work: file(.edit, "a"), refusal: lacks),
    Row(keys: ", allowed_tools: [Write]", work: file(.edit, "a")),
    Row(keys: ", allowed_tools: [edit]", work: file(.read, "a")),
    Row(keys: ", allowed_tools: ['Edit(src/**)']", work: file(.edit, "src/a")),
    Row(keys: ", allowed_tools: ['Edit(src/**)']", work: file(.read, "src/b/a")),
    Row(keys: ", allowed_tools: ['Edit(src/**)']", work: file(.edit, "src/../a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Edit(src/**)']", work: file(.read, "a"), refusal: lacks),
    Row(keys: ", denied_tools: [Edit]", work: file(.edit, "a"), refusal: has("Edit")),
    Row(keys: ", denied_tools: [Edit]", work: file(.read, "a")),
    Row(keys: ", denied_tools: ['Read(.env)']", work: file(.read, "./.env"), refusal: has("Read(.env)")),
    Row(keys: ", denied_tools: ['Read(.env)']", work: file(.read, "env")),
    Row(keys: ", allowed_tools: [Edit], denied_tools: [edit]", work: file(.edit, "a"), refusal: has("edit")),
    Row(keys: ", allowed_tools: []", work: file(.read, "a"), refusal: lacks),
  ]

  static let commands: [Row] = [
    Row(keys: "", work: command("rm -rf /")),
    Row(keys: ", allowed_tools: [Bash]", work: command("a; b > c")),
    Row(keys: ", allowed_tools: [execute]", work: command("a $(b)")),
    Row(keys: ", allowed_tools: [Edit]", work: command("a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git status")),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git status; rm -rf .git"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log\nrm a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log & rm a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log $(rm a)"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log \"`rm a`\""), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log > a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git log 2>&1 >/dev/null && git diff 2>/dev/null")),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git commit -m 'a; b > $(c)'")),
    Row(keys: ", allowed_tools: ['Bash(git *)']", work: command("git commit -m 'a"), refusal: lacks),
    Row(keys: ", allowed_tools: ['Bash(git *)', 'Bash(head:*)']", work: command("git log | head -3")),
    Row(keys: ", allowed_tools: ['Bash(a > b)']", work: command("a > b")),
    Row(keys: ", denied_tools: ['Bash(rm *)']", work: command("ls && rm a"), refusal: has("Bash(rm *)")),
    Row(keys: ", denied_tools: ['Bash(rm *)']", work: command("ls arm a")),
    Row(
      keys: ", allowed_tools: [Bash], denied_tools: ['Bash(git push*)']", work: command("git push"),
      refusal: has("Bash(git push*)")),
  ]

  /// Agents whose tools have names of their own.
  static let named: [Row] = [
    Row(keys: ", allowed_tools: [shell]", work: command("a"), refusal: lacks),
    Row(keys: ", allowed_tools: [shell]", work: command("a"), uses: [use("shell", .execute)]),
    Row(keys: ", allowed_tools: [shell]", work: file(.edit, "a"), uses: [use("shell", .execute)], refusal: lacks),
    Row(keys: ", denied_tools: [shell]", work: command("a"), uses: [use("shell", .execute)], refusal: has("shell")),
    Row(keys: ", denied_tools: [shell]", work: command("a")),
    Row(keys: ", allowed_tools: ['write_*(src/*)']", work: file(.edit, "src/a"), uses: [use("write_file", .edit)]),
    Row(
      keys: ", allowed_tools: ['write_*(src/*)']", work: file(.edit, "a"), uses: [use("write_file", .edit)],
      refusal: lacks),
  ]

  @Test(arguments: files + commands + named) func theNodesToolsRefuse(_ row: Row) async throws {
    let agent = ScriptedProvider { request, _ in .answers(request.refusal(row.work, row.uses) ?? "done") }
    let fixture = try await EngineFixture(
      files: [
        ".ion/workflows/w.yaml": "name: w\nnodes: [{id: a, prompt: x\(row.keys)}]\n",
        ".ion/config.yaml": "provider: scripted",
      ], agents: [agent])
    let (_, nodes) = try await fixture.run("w")
    #expect(nodes["a"]?.output?.text == row.refusal ?? "done")
  }
}
