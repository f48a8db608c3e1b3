/// What agents have used. Parts that nobody reported are 0, or nil.
public struct AgentUsage: Hashable, Sendable {
  /// Tokens that the model read, those that its cache already had among them.
  public var inputTokens: Int
  /// Tokens that it wrote.
  public var outputTokens: Int
  /// What that cost, in dollars; nil where the provider counts no money.
  public var usd: Double?

  public init(inputTokens: Int = 0, outputTokens: Int = 0, usd: Double? = nil) {
    self.inputTokens = inputTokens
    self.outputTokens = outputTokens
    self.usd = usd
  }

  /// Tokens read and written.
  public var tokens: Int { Self.sum(inputTokens, outputTokens) }

  /// Both together.
  public static func + (left: AgentUsage, right: AgentUsage) -> AgentUsage {
    let money = left.usd == nil && right.usd == nil ? nil : (left.usd ?? 0) + (right.usd ?? 0)
    return AgentUsage(
      inputTokens: sum(left.inputTokens, right.inputTokens), outputTokens: sum(left.outputTokens, right.outputTokens),
      usd: money)
  }

  /// Whoever reports absurd numbers must not end the program.
  private static func sum(_ left: Int, _ right: Int) -> Int {
    let (sum, overflows) = left.addingReportingOverflow(right)
    return overflows ? .max : sum
  }
}
