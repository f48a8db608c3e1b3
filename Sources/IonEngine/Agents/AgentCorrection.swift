internal import IonJSON
internal import IonJSONSchema
internal import IonScheduler

/// How an agent is told which form its answer must have.
enum AgentCorrection {
  /// The prompt, and the form where there is one.
  static func first(_ prompt: String, for format: JSONSchema?) -> String {
    guard let format else { return prompt }
    return prompt + "\n\n" + demand(format) + "\n"
  }

  /// What is said to an agent whose answer was of the wrong form. One that doesn't remember it, because its turns have no
  /// session, is given the whole prompt again, and what it answered.
  static func next(
    after answer: String, _ failure: StepFailure, _ format: JSONSchema, in prompt: String?
  ) -> String {
    let fault = "That can't be used: \(failure.message). " + demand(format) + "\n"
    guard let prompt else { return fault }
    return "\(prompt)\n\nYour answer was:\n\n\(answer)\n\n\(fault)"
  }

  private static func demand(_ format: JSONSchema) -> String {
    "Answer with one JSON document that fits this JSON Schema, and with nothing else:\n"
      + format.document.serializedText()
  }
}
