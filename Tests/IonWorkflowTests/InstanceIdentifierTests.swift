import IonWorkflow
import Testing

@Suite struct InstanceIdentifierTests {
  @Test(arguments: [
    (["a", "1"], "b[a,1]"), (["ubuntu-22.04"], "b[ubuntu-22.04]"), (["a/b"], "b[a%2Fb]"), (["a,b", "c"], "b[a%2Cb,c]"),
    (["a", "b,c"], "b[a,b%2Cc]"), ([""], "b[#7]"), (["é\n"], "b[%C3%A9%0A]"), (["x]"], "b[x%5D]"),
    (["%41"], "b[%2541]"),
    (["#7"], "b[%237]"), ([String(repeating: "x", count: 41)], "b[#7]"),
  ])
  func valuesAreReadableAndNeverConfused(values: [String], id: String) {
    #expect(NodeID.instance(of: "b", values.map { ($0, 7) }) == NodeID(id))
  }
}
