import IonWorkflow
import Testing

@Suite struct NodeInstanceTests {
  @Test(arguments: ["build", "a-b_c", "a#1", "a/b", "#1/b", "a#0/b", "a#x/b", ""]) func aNodeThatThereIsOnce(
    _ id: String
  ) {
    #expect(NodeID(rawValue: id).instance == nil)
  }

  @Test(arguments: [
    ("review#3/test", "test", "review", 3), ("a#1/b#12/c", "c", "a#1/b", 12), ("m[x,1]#2/t", "t", "m[x,1]", 2),
    ("review#3/build[linux]", "build", "review", 3), ("m[a/b]#2/t", "t", "m[a/b]", 2),
  ])
  func aNodeOfAnIteration(_ id: String, _ base: String, _ loop: String, _ iteration: Int) {
    let instance = NodeID(rawValue: id).instance
    #expect(instance?.base.rawValue == base && instance?.loop?.rawValue == loop && instance?.iteration == iteration)
  }

  @Test func anInstanceOfAMatrix() {
    #expect(NodeID("build[linux,1]").instance == NodeInstance(base: "build", loop: nil, iteration: nil))
    #expect(NodeID("build[a/b]").instance?.base == "build")
  }
}
