/// What the agents of a run may use.
public struct Budget: Hashable, Sendable {
  /// Dollars; nil has no bound.
  public var usd: Double?
  /// Tokens read and written; nil has no bound.
  public var tokens: Int?

  public init(usd: Double? = nil, tokens: Int? = nil) {
    self.usd = usd
    self.tokens = tokens
  }

  /// What is more than it may be, half a sentence for people; nil where nothing is.
  public func excess(of usage: AgentUsage?) -> String? {
    guard let usage else { return nil }
    if let usd, let used = usage.usd, used > usd {
      return "agents have used \(Self.dollars(used)) of a budget of \(Self.dollars(usd))"
    }
    if let tokens, usage.tokens > tokens { return "agents have used \(usage.tokens) tokens of a budget of \(tokens)" }
    return nil
  }

  /// To a hundredth of a cent: `$1.50`, `$0.0031`.
  static func dollars(_ amount: Double) -> String {
    guard amount < 1e12 else { return "$\(amount)" }
    let parts = Int((amount * 10_000).rounded())
    var digits = String(String(parts % 10_000 + 10_000).dropFirst())
    while digits.count > 2, digits.hasSuffix("0") { digits.removeLast() }
    return "$\(parts / 10_000).\(digits)"
  }
}
