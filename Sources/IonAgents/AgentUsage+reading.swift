internal import IonJSON
internal import IonWorkflow

/// What programs say of their use, read so that no number of theirs can do harm.
extension AgentUsage {
  /// A number of tokens; 0 for anything that is none.
  static func count(_ value: JSONValue?) -> Int {
    value?.integerValue.flatMap { Int(exactly: $0) }.map { max(0, $0) } ?? 0
  }

  /// An amount of money; nil for anything that is none.
  static func amount(_ value: JSONValue) -> Double? {
    let amount: Double? =
      switch value {
      case .integer(let number): Double(number)
      case .number(let number): number.double
      case .null, .bool, .string, .array, .object: nil
      }
    return amount.flatMap { $0 >= 0 && $0.isFinite ? $0 : nil }
  }
}
