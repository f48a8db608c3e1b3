import IonEngine
import Testing

@testable import IonAgents

@Suite struct CancelGraceTests {
  /// What an agent may get one after the other: time to end its turn, then its input's end, a signal, and its terminals'.
  @Test func aCancelTakesNoLongerThanEditorsWait() {
    let patience = ACPTask.Patience()
    let sum = WorkflowDependencies.usualGrace + patience.farewell + patience.term + ACPTerminals.grace
    #expect(sum <= .seconds(15))
  }
}
