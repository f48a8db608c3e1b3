internal import IonJSON
internal import IonWorkflow

/// What a turn used, from the places where agents say it.
struct ACPUsage: Hashable {
  private(set) var total = AgentUsage()
  /// What the session has cost, as the agent tells it: all its turns together, in dollars.
  private(set) var sessionCost: Double?
  /// What it had cost before the turn; nil where nobody knows.
  private var earlierCost: Double?

  /// What the session had cost before the turn, as it was known then. What the agent tells before the turn counts instead.
  mutating func expect(earlierCost: Double?) { self.earlierCost = self.earlierCost ?? earlierCost }

  /// Takes `usage_update`; whether it says anything of what the turn used. What is in the model's context isn't that.
  mutating func take(update: JSONValue, isBeforeTurn: Bool) -> Bool {
    guard let cost = update["cost"], cost["currency"]?.stringValue?.uppercased() == "USD",
      let amount = cost["amount"]?.doubleValue, amount >= 0
    else { return false }
    sessionCost = amount
    if isBeforeTurn {
      earlierCost = amount
      return false
    }
    // An agent that counts anew with each of its programs has less than before; what it says next is of this turn, too.
    if amount < earlierCost ?? 0 { earlierCost = nil }
    total.usd = amount - (earlierCost ?? 0)
    return true
  }

  /// Takes the answer to the prompt; whether it says anything.
  mutating func take(answer: JSONValue) -> Bool {
    if let usage = answer["usage"]?.unlessNull ?? answer["_meta"]?["usage"], let input = usage.count("inputTokens"),
      let output = usage.count("outputTokens")
    {
      let cached = usage.sum("cachedReadTokens", "cachedWriteTokens")
      let thought = usage.count("thoughtTokens") ?? 0
      let parts = [input, output, cached, thought].reduce(0) { $0.addingReportingOverflow($1).partialValue }
      // The parts are meant not to overlap; where their sum is more than the total, they do.
      let overlap = usage.count("totalTokens").map { $0 > 0 && $0 < parts } ?? false
      set(input, overlap ? 0 : cached, output, overlap ? 0 : thought)
      return true
    }
    // Gemini's own place.
    guard let count = answer["_meta"]?["quota"]?["token_count"], let input = count.count("input_tokens"),
      let output = count.count("output_tokens")
    else { return false }
    set(input, 0, output, 0)
    return true
  }

  private mutating func set(_ input: Int, _ cached: Int, _ output: Int, _ thought: Int) {
    let base = AgentUsage(inputTokens: input, outputTokens: output)
    let sum = base + AgentUsage(inputTokens: cached, outputTokens: thought)
    total.inputTokens = sum.inputTokens
    total.outputTokens = sum.outputTokens
  }
}

extension JSONValue {
  /// A number as a double; nil for anything else, and for what is too large.
  fileprivate var doubleValue: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number.double.isFinite ? number.double : nil
    case .null, .bool, .string, .array, .object: nil
    }
  }

  fileprivate func count(_ key: String) -> Int? {
    self[key]?.integerValue.flatMap { $0 < 0 ? nil : Int(clamping: $0) }
  }

  fileprivate func sum(_ first: String, _ second: String) -> Int {
    (AgentUsage(inputTokens: count(first) ?? 0) + AgentUsage(inputTokens: count(second) ?? 0)).inputTokens
  }
}
