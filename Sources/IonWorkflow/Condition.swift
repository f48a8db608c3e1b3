public import IonJSON

/// A `when` expression, parsed.
public indirect enum Condition: Hashable, Sendable {
  public enum Comparison: String, CaseIterable, Sendable {
    case equal = "=="
    case notEqual = "!="
    case less = "<"
    case lessOrEqual = "<="
    case greater = ">"
    case greaterOrEqual = ">="
    case isIn = "in"
    case contains
  }

  public enum Operand: Hashable, Sendable {
    case reference(Reference)
    /// A literal: a string, a number, `true`, `false`, `null`.
    case literal(JSONValue)
    case list([Operand])
  }

  case operand(Operand)
  case comparison(Operand, Comparison, Operand)
  case not(Condition)
  case and([Condition])
  case or([Condition])
}

extension Condition {
  /// What holds where all of some conditions do; nil where there are none.
  public static func all(_ conditions: [Condition?]) -> Condition? {
    let parts = conditions.compactMap { $0 }.flatMap { if case .and(let inner) = $0 { inner } else { [$0] } }
    return parts.count > 1 ? .and(parts) : parts.first
  }

  /// What holds where one of some conditions does; nil where there are none.
  public static func any(_ conditions: [Condition]) -> Condition? {
    conditions.count > 1 ? .or(conditions) : conditions.first
  }
}
