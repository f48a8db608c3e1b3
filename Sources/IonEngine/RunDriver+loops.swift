internal import IonJSON
internal import IonScheduler
internal import IonWorkflow

extension RunDriver {
  /// Whether a loop is done after the iteration that is over: `until_bash` came out well, the field is true, or the word
  /// was said. Where a person is asked between iterations, the word counts once they were.
  func loopVerdict(of id: NodeID) -> LoopVerdict {
    guard let repetition = node(id)?.repetition else { return .again }
    let run = sight(of: id).run
    let output = run.iterationOutput(of: id) ?? StepPlanner.output("")
    if let test = run.test(ofLoop: id) {
      if test.status == .succeeded { return .done(output) }
      if let failure = test.failure, failure.kind != .exit {
        return .failed(StepFailure(failure.kind, "until_bash: \(failure.message)"))
      }
    }
    do throws(StepFailure) {
      if let field = repetition.untilField, try values.document(of: id, output).json?[field]?.boolValue == true {
        return .done(output)
      }
      guard let signal = repetition.until, repetition.signalCompletes || run.iteration(of: id) ?? 0 > 1,
        let text = try RunValues.text(of: id, output, in: context.paths.logs)
      else { return .again }
      return LoopSignal.isGiven(signal, in: text) ? .done(output) : .again
    } catch { return .failed(error) }
  }
}

extension WorkflowRun {
  /// What a loop's iteration gave, which is nothing where none of its last nodes came out well; nil for a node that was
  /// never repeated.
  func iterationOutput(of id: NodeID) -> NodeOutput? {
    iteration(of: id) == nil ? nil : result(ofLoop: id)?.output ?? StepPlanner.output("")
  }
}
