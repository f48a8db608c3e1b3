import IonJSON
import IonWorkflow
import Testing

@testable import IonAgents

/// What Claude Code asks for, and what it is answered.
@Suite struct ClaudePermissionTests {
  private func underWay(_ options: JSONObject = [:]) -> ClaudeDialogue {
    var request = Bench().request()
    request.options = options
    var dialogue = ClaudeDialogue(ClaudeOrder(request, newSession: "s"))
    _ = dialogue.take(ClaudeLines.greeted)
    return dialogue
  }

  @Test func asksWithToolDiffAndOptions() throws {
    var dialogue = underWay()
    let effects = dialogue.take(ClaudeLines.asked)
    guard case .tell(.permissionRequested(let request))? = effects.first else {
      Issue.record("nothing is asked")
      return
    }
    #expect(effects.last == .setPatient(true))
    #expect(request.id == "p1")
    #expect(request.title == "Edit: /w/a.txt")
    #expect(request.tool?.id == "toolu_1")
    #expect(request.tool?.paths == ["/w/a.txt"])
    #expect(request.diff == "--- a/w/a.txt\n+++ b/w/a.txt\n@@ -1,1 +1,1 @@\n-two\n+three\n")
    #expect(request.options.map(\.kind) == [.allowOnce, .allowAlways, .rejectOnce])
  }

  @Test(arguments: [
    (
      "allow",
      #"{"behavior":"allow","updatedInput":{"file_path":"/w/a.txt","old_string":"two\n","new_string":"three\n"}}"#
    ),
    (
      "allow_session",
      #"{"behavior":"allow","updatedInput":{"file_path":"/w/a.txt","old_string":"two\n","new_string":"three\n"},"updatedPermissions":[{"type":"setMode","mode":"acceptEdits","destination":"session"}]}"#
    ),
    ("reject", #"{"behavior":"deny","message":"Whoever was asked refused it."}"#),
    ("nonsense", #"{"behavior":"deny","message":"Whoever was asked refused it."}"#),
    (nil, #"{"behavior":"deny","message":"Whoever was asked refused it."}"#),
  ])
  func answersReachTheProgram(_ option: String?, _ reply: String) {
    var dialogue = underWay()
    _ = dialogue.take(ClaudeLines.asked)
    let effects = dialogue.answer("p1", with: option)
    #expect(
      effects.lines == [
        #"{"type":"control_response","response":{"subtype":"success","request_id":"p1","response":\#(reply)}}"#
      ])
    #expect(effects.last == .setPatient(false))
    #expect(dialogue.answer("p1", with: option) == [])
  }

  @Test(
    arguments: [
      ("Grep", ["pattern": "x", "path": "/etc"], ["/etc"]), ("Glob", ["pattern": "*", "path": "/etc"], ["/etc"]),
      ("Grep", ["pattern": "x"], []), ("Read", ["file_path": "/w/a.txt"], ["/w/a.txt"]),
      ("Other", ["path": "/etc"], []),
    ] as [(String, JSONValue, [String])])
  func aToolsPathsAreWhereItReadsWritesOrSearches(_ name: String, _ input: JSONValue, _ paths: [String]) {
    #expect(ClaudeTools.call("t", name, input).paths == paths)
  }

  @Test func aRequestThatIsWithdrawnIsNotAnswered() {
    var dialogue = underWay()
    _ = dialogue.take(ClaudeLines.asked)
    #expect(dialogue.take(ClaudeLines.withdrawn) == [.tell(.permissionWithdrawn("p1")), .setPatient(false)])
    #expect(dialogue.take(ClaudeLines.withdrawn) == [])
    #expect(dialogue.answer("p1", with: "allow") == [])
  }

  @Test func questionsToPeopleAreRefusedAtOnce() {
    var dialogue = underWay()
    let effects = dialogue.take(ClaudeLines.asked.replacing(#""Edit""#, with: #""AskUserQuestion""#))
    #expect(effects.events.isEmpty)
    #expect(effects.lines.first?.contains(#""behavior":"deny""#) == true)
  }

  @Test func requestsThatNobodyKnowsAreRefused() {
    var dialogue = underWay()
    #expect(
      dialogue.take(#"{"type":"control_request","request_id":"q","request":{"subtype":"new"}}"#).lines == [
        #"{"type":"control_response","response":{"subtype":"error","request_id":"q","error":"Ion doesn't answer new"}}"#
      ])
  }

  @Test func hooksWithAResponseAreAnswered() {
    var dialogue = underWay([
      "hooks": ["PreToolUse": [["matcher": "Bash", "response": ["decision": "block"], "timeout": 5]]]
    ])
    #expect(
      dialogue.begin().lines.first?.contains(
        #""hooks":{"PreToolUse":[{"matcher":"Bash","hookCallbackIds":["ion-hook-0"],"timeout":5}]}"#) == true)
    let asked =
      #"{"type":"control_request","request_id":"h","request":{"subtype":"hook_callback","callback_id":"ion-hook-0"}}"#
    #expect(
      dialogue.take(asked).lines == [
        #"{"type":"control_response","response":{"subtype":"success","request_id":"h","response":{"decision":"block"}}}"#
      ])
  }
}
