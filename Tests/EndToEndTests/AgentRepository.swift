import Foundation
import IonJSON
import IonTestSupport
import IonWorkflow
import Testing

/// A repository with an origin, and with an agent and a `gh` that say what a test lets them say.
enum AgentRepository {
  /// How Ion talks with the agent.
  enum Kind: String, CaseIterable, Sendable {
    case command, acp, claude, codex

    /// The agent in the configuration. Those that are scripted try to change a.txt also where they are told not to, and
    /// expect to be refused.
    fileprivate var provider: JSONValue {
      switch self {
      case .command: ["command": "agent"]
      case .acp: ["kind": "acp", "command": "python3", "args": [.string(Self.script("acp_agent")), "works"]]
      case .claude: Self.standIn("claude", Self.claudeScript)
      case .codex: Self.standIn("codex", Self.codexScript)
      }
    }

    private static func standIn(_ kind: String, _ script: String) -> JSONValue {
      ["kind": .string(kind), "command": .string(Self.script("stand_in")), "env": ["STAND_IN": .string(script)]]
    }

    private static func script(_ name: String) -> String {
      URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../IonAgentsTests/Agents/\(name).py")
        .standardizedFileURL.path
    }

    private static let claudeScript = """
      prompt = json.dumps(greet())
      if "hange no file" in prompt:
          edit = {"file_path": os.path.abspath("a.txt"), "old_string": "one", "new_string": "1"}
          say(type="control_request", request_id="q", request={
              "subtype": "can_use_tool", "tool_name": "Edit", "input": edit, "tool_use_id": "t"})
          answer = heard()
          assert answer["response"]["response"]["behavior"] == "deny", answer
      else:
          open("a.txt", "a").write("three\\n")
      words = open(".ion/answer").read()
      text(words)
      result(words)
      """

    private static let codexScript = """
      prompt = sys.stdin.read()
      begin()
      if "hange no file" not in prompt:
          open("a.txt", "a").write("three\\n")
      answer(open(".ion/answer").read())
      complete()
      """
  }

  /// `answer` is what the agent says each time; without one it fails. It adds a line to a.txt.
  static func make(answer: String? = "done", kind: Kind = .command) async throws -> BuiltIon {
    let folder = TemporaryFolder("ion-e2e")
    var files = [
      "a.txt": "one\n", "setup.sh": setUp,
      ".ion/config.yaml": "provider: fixed\nproviders: {fixed: \(kind.provider.serializedText())}\n",
    ]
    files[".ion/answer"] = answer
    let ion = BuiltIon(
      files: files,
      variables: ["PATH": "\(folder.path.text)/workspace/.ion/bin:/usr/local/bin:/usr/bin:/bin"], folder: folder)
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["setup.sh"]
    process.environment = ion.environment
    process.currentDirectoryURL = URL(filePath: ion.workspace.text)
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let (ended, sink) = AsyncStream<Void>.makeStream()
    process.terminationHandler = { _ in sink.finish() }
    try process.run()
    for await _ in ended {}
    try #require(process.terminationStatus == 0)
    return ion
  }

  private static let setUp = """
    set -e
    git init --quiet --bare --initial-branch=main ../origin
    git init --quiet --initial-branch=main .
    git remote add origin "$PWD/../origin"
    printf '/.ion/\n/.keep\n' >.git/info/exclude
    mkdir -p .ion/bin
    cat >.ion/bin/gh <<'END'
    #!/bin/sh
    case "$1 $2" in
      "auth status") exit 0 ;;
      "issue view") printf '{"number": %s, "title": "It says too little", "body": "It should say three.", "comments": []}' "$3" ;;
      "pr create") echo "https://example.org/pulls/1" ;;
      *) exit 1 ;;
    esac
    END
    cat >.ion/bin/agent <<'END'
    #!/bin/sh
    cat >/dev/null
    echo three >>a.txt
    cat .ion/answer
    END
    chmod +x .ion/bin/*
    git config user.name Ada && git config user.email ada@example.org
    git add a.txt && git commit --quiet -m 'Begin'
    git tag -a v0.1.0 -m v0.1.0
    echo two >>a.txt && git commit --quiet -am 'Say two'
    rm setup.sh
    """

  /// Runs a workflow to its gate, answers that, and returns the run as `ion show` has it.
  static func runThroughGate(_ ion: BuiltIon, _ arguments: [String], _ answer: [String]) async throws -> String {
    let waiting = try await ion.start(["run"] + arguments).end()
    #expect(waiting.status == 3, "\(waiting.output) \(waiting.errors)")
    let runs = try await ion.run("runs", "--json")
    let id = try #require(try JSONParser().parse(runs.output)["runs"]?.arrayValue?.first?["runId"]?.stringValue)
    let approved = try await ion.start(["approve", id] + answer).end()
    #expect(approved.status == 0, "\(approved.output) \(approved.errors)")
    return approved.output
  }
}
