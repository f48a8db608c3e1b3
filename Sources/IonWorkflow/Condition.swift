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
