import IonWorkflow
import Testing

@Suite struct IdentifierTests {
  @Test(arguments: ["a", "_", "build", "build-all", "Build_2", "a-", "_9", "incl__node", "INPUT", "inputs"])
  func nodeIDIsValid(text: String) { #expect(NodeID.isValid(text)) }

  @Test(arguments: [
    "", "-a", "9a", "a b", "a.b", "a[1]", "é", "a\n", "a/b", "$a", "INPUTS", "MATRIX", "LOOP_PREV",
  ])
  func nodeIDIsInvalid(text: String) { #expect(!NodeID.isValid(text)) }

  @Test(arguments: ["a", "9", "my.app_2-x", String(repeating: "a", count: 64)])
  func codebaseIDIsValid(text: String) { #expect(CodebaseID.isValid(text)) }

  @Test(arguments: [
    "", ".", "..", ".git", "-a", "_a", "a/b", "a\\b", "a b", "a\0", "é", String(repeating: "a", count: 65),
  ])
  func codebaseIDIsInvalid(text: String) { #expect(!CodebaseID.isValid(text)) }

  @Test func idsSortByTheirBytes() {
    let ids: [NodeID] = ["b", "B", "a-b", "a_b", "a", "é", "z"]
    #expect(ids.sorted() == ["B", "a", "a-b", "a_b", "b", "z", "é"])
  }

  @Test func idsAreComparedByTheirBytes() {
    let composed: NodeID = "build[é]", decomposed: NodeID = "build[e\u{301}]"
    #expect(composed != decomposed)
    #expect(Set([composed, decomposed]).count == 2)
    #expect([composed: 1][decomposed] == nil)
  }

  @Test func everyValidIDCanBeReferred() throws {
    for id: NodeID in ["a", "_", "build-all", "a-", "OUTPUT", "output", "status", "LOOP", "ARGUMENTS"] {
      let reference = Reference(.output(id), path: [.field("x")])
      #expect(Reference.parse(reference.description) == reference)
    }
  }
}
