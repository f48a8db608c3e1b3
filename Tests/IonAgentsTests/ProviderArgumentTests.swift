import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// What the programs are started with.
@Suite struct ProviderArgumentTests {
  private func claude(_ change: (inout AgentRequest) -> Void) -> ArraySlice<String> {
    var request = Bench().request("a prompt")
    change(&request)
    let arguments = ClaudeOrder(request, newSession: "new").arguments
    #expect(arguments.starts(with: ClaudeOrder.base))
    #expect(!arguments.contains { $0.contains("a prompt") })
    return arguments.dropFirst(ClaudeOrder.base.count)
  }

  private func codex(_ further: [String] = [], _ change: (inout AgentRequest) -> Void = { _ in }) -> [String] {
    var request = Bench().request("a prompt")
    change(&request)
    return CodexOrder.arguments(request, further)
  }

  @Test(arguments: [
    (nil as SessionRequest?, ["--session-id=new"]),
    (SessionRequest("old"), ["--resume=old"]),
    (SessionRequest("old", .fork), ["--resume=old", "--fork-session", "--session-id=new"]),
  ])
  func claudeIsToldItsSession(_ session: SessionRequest?, _ expected: [String]) {
    #expect(claude { $0.session = session }.starts(with: expected))
  }

  @Test func claudeIsToldWhatANodeSays() {
    let arguments = claude { request in
      request.model = "opus"
      request.effort = "minimal"
      request.budget = 1.5
      request.allowedTools = ["Read", "Bash(git *)", "Bash(ls)", "mcp__toy__echo"]
      request.deniedTools = ["WebFetch"]
      request.systemPrompt = "Be brief."
      request.options = [
        "fallbackModel": "sonnet", "settingSources": ["user", "project"], "betas": ["b1", "b2"], "skills": ["s1"],
        "thinking": ["type": "enabled", "budget_tokens": 2048], "sandbox": true,
        "hooks": ["Stop": [["hooks": [["type": "command", "command": "true"]]]]],
      ]
    }
    #expect(
      arguments.dropFirst() == [
        "--model=opus", "--effort=low", "--fallback-model=sonnet", "--max-budget-usd=1.5",
        "--setting-sources=user,project", "--betas=b1,b2", "--max-thinking-tokens=2048", "--tools=Read,Bash,Skill",
        "--allowedTools=Read,Bash(git *),Bash(ls),mcp__toy__echo,Skill(s1)",
        "--disallowedTools=WebFetch,AskUserQuestion",
        #"--settings={"hooks":{"Stop":[{"hooks":[{"type":"command","command":"true"}]}]},"sandbox":{"enabled":true}}"#,
      ])
  }

  @Test func claudeMayHaveNoToolsAtAll() {
    #expect(claude { $0.allowedTools = [] }.contains("--tools="))
    #expect(!claude { $0.allowedTools = nil }.contains { $0.hasPrefix("--tools") })
  }

  @Test func claudeIsGivenOnlyTheServersOfANode() {
    let arguments = claude { $0.mcpServers = ["toy": ["command": "toy", "env": ["TOKEN": "secret"]]] }
    #expect(arguments.contains("--strict-mcp-config"))
    #expect(!arguments.contains { $0.contains("secret") })
  }

  @Test(arguments: [
    ("${TOKEN}", "a${OTHER}"), ("Bearer ${TOKEN}!", "Bearer a${OTHER}!"), ("${NOWHERE}", "${NOWHERE}"),
    ("${NOWHERE:-b}", "b"), ("${TOKEN:-b}", "a${OTHER}"), ("$TOKEN ${TOKEN", "$TOKEN ${TOKEN"),
  ])
  func variablesOfServersAreFilledInOnce(_ text: String, _ expected: String) {
    let variables = ServerVariables([("TOKEN", "x"), ("OTHER", "c"), ("TOKEN", "a${OTHER}")])
    #expect(variables.fill(["env": ["A": [.string(text)]]] as JSONObject) == ["env": ["A": [.string(expected)]]])
  }

  @Test func variablesThatAreNotSetAreNamedOnce() {
    var request = Bench().request("")
    request.environment = [("TOKEN", "")]
    request.mcpServers = ["a": ["env": ["A": "${TOKEN}${B} ${C:-c} ${B} $D"], "args": ["${E}", 7, nil]]]
    #expect(request.unsetVariables == ["B", "E"])
  }

  @Test func aLostSessionIsReplacedWithItsSummary() {
    var request = Bench().request("Go on.")
    request.session = SessionRequest("old", summary: "You were asked for a plan.")
    let order = ClaudeOrder(request, insteadOfLost: "gone", newSession: "new")
    #expect(order.session == AgentSession("new", .replaced(reason: "gone")))
    #expect(order.prompt == "You were asked for a plan.\n\nGo on.")
    #expect(order.arguments.contains("--session-id=new"))
  }

  @Test(arguments: [
    (nil as SessionRequest?, ["exec", "--json"], ["-"]),
    (SessionRequest("old"), ["exec", "resume", "--json"], ["--", "old", "-"]),
    (SessionRequest("old", .fork), ["exec", "fork", "--json"], ["--", "old", "-"]),
  ])
  func codexIsToldItsSession(_ session: SessionRequest?, _ first: [String], _ last: [String]) {
    let arguments = codex(["--extra"]) { $0.session = session }
    #expect(arguments.starts(with: first))
    #expect(Array(arguments.suffix(last.count + 1)) == ["--extra"] + last)
  }

  @Test func codexIsToldWhatANodeSays() {
    let arguments = codex { request in
      request.model = "m"
      request.effort = "high"
      request.systemPrompt = "Say \"no\"\u{7F}.\n"
      request.mcpServers = [
        "toy": ["command": "toy", "args": ["-v"], "env": ["A": "b"]],
        "web": ["type": "http", "url": "http://h", "headers": ["X": "y"]],
      ]
    }
    #expect(
      arguments == [
        "exec", "--json", "--skip-git-repo-check", "--model=m", "-c", #"sandbox_mode="workspace-write""#, "-c",
        #"model_reasoning_effort="high""#, "-c", #"developer_instructions="Say \"no\"\u007F.\n""#, "-c",
        #"mcp_servers={"toy"={"command"="toy","args"=["-v"],"env"={"A"="b"},"default_tools_approval_mode"="approve"},"#
          + #""web"={"url"="http://h","http_headers"={"X"="y"},"default_tools_approval_mode"="approve"}}"#, "-",
      ])
  }

  @Test(arguments: [
    (JSONValue.bool(true), "workspace-write"), (JSONValue.bool(false), "danger-full-access"),
    (JSONValue.object(["enabled": false]), "danger-full-access"),
    (JSONValue.object(["mode": "read-only"]), "read-only"),
  ])
  func codexIsKeptFromWhatANodeSays(_ sandbox: JSONValue, _ mode: String) {
    #expect(codex { $0.options = ["sandbox": sandbox] }.contains("sandbox_mode=\"\(mode)\""))
  }
}
