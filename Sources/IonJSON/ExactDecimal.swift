/// A decimal number of any size, exactly: 0.d₁d₂d₃… × 10ⁿ.
public struct ExactDecimal: Hashable, Sendable {
  private(set) var isNegative: Bool
  /// Without zeros at either end; empty for zero.
  private(set) var digits: [UInt8]
  /// n, where the first digit stands right behind the point. Exponents beyond 64 bits stop at the nearest bound.
  private(set) var exponent: Int

  /// Reads a number as JSON spells it (RFC 8259, section 6); nil for any other text.
  public init?(_ literal: some StringProtocol) {
    let bytes = Array(literal.utf8)
    var next = bytes.first == UInt8(ascii: "-") ? 1 : 0
    isNegative = next == 1
    func run(from start: Int) -> Int { bytes[start...].firstIndex { !isDigit($0) } ?? bytes.count }
    let whole = next..<run(from: next)
    guard !whole.isEmpty, whole.count == 1 || bytes[whole.lowerBound] != UInt8(ascii: "0") else { return nil }
    digits = Array(bytes[whole])
    exponent = whole.count
    next = whole.upperBound
    if next < bytes.count, bytes[next] == UInt8(ascii: ".") {
      let fraction = next + 1..<run(from: next + 1)
      guard !fraction.isEmpty else { return nil }
      digits += bytes[fraction]
      next = fraction.upperBound
    }
    if next < bytes.count {
      guard bytes[next] | 0x20 == UInt8(ascii: "e") else { return nil }
      let signed = next + 1 < bytes.count && [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[next + 1])
      let power = next + (signed ? 2 : 1)..<bytes.count
      guard !power.isEmpty, bytes[power].allSatisfy(isDigit) else { return nil }
      let isDown = signed && bytes[next + 1] == UInt8(ascii: "-")
      exponent = Self.sum(exponent, power: bytes[power], isDown: isDown)
    }
    normalise()
  }

  /// A 64-bit integer.
  public init(_ integer: Int64) {
    isNegative = integer < 0
    digits = Array(String(integer.magnitude).utf8)
    exponent = digits.count
    normalise()
  }

  private static func sum(_ exponent: Int, power: ArraySlice<UInt8>, isDown: Bool) -> Int {
    // Half the range leaves room for the digits' count, so that nothing overflows.
    let bound = Int.max / 2
    let size = min(Int(String(decoding: power, as: UTF8.self)) ?? bound, bound)
    return exponent + (isDown ? -size : size)
  }

  private mutating func normalise() {
    let zeros = digits.prefix { $0 == UInt8(ascii: "0") }.count
    digits.removeFirst(zeros)
    exponent -= zeros
    while digits.last == UInt8(ascii: "0") { digits.removeLast() }
    if digits.isEmpty {
      exponent = 0
      isNegative = false
    }
  }
}

extension ExactDecimal {
  /// Whether there is no fraction; `1.0` and `1e3` have none.
  public var isWhole: Bool { digits.count <= exponent || digits.isEmpty }

  /// How many significant digits there are; 0 for zero.
  public var digitCount: Int { digits.count }

  /// The most significant digits that a number may have of which others are asked to be multiples.
  public static let divisorDigits = 37

  /// Whether this is a whole multiple of another number, which isn't zero and has at most `divisorDigits` digits.
  public func isMultiple(of divisor: ExactDecimal) -> Bool {
    precondition(!divisor.digits.isEmpty && divisor.digits.count <= Self.divisorDigits)
    if digits.isEmpty { return true }
    // Neither number's digits end in a zero: where the divisor has more decimal places, nothing makes up for them.
    let shift = (exponent - digits.count) - (divisor.exponent - divisor.digits.count)
    guard shift >= 0 else { return false }
    let modulus = divisor.digits.reduce(UInt128(0)) { $0 * 10 + UInt128($1 - UInt8(ascii: "0")) }
    var rest = digits.reduce(UInt128(0)) { ($0 * 10 + UInt128($1 - UInt8(ascii: "0"))) % modulus }
    // A divisor below 2¹²⁸ has fewer than 128 factors of two or five: further zeros change nothing.
    for _ in 0..<min(shift, 128) where rest != 0 { rest = rest * 10 % modulus }
    return rest == 0
  }
}

extension ExactDecimal: Comparable {
  public static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
    if left.isNegative != right.isNegative { return left.isNegative }
    return left.isNegative ? right.isSmaller(than: left) : left.isSmaller(than: right)
  }

  private func isSmaller(than other: ExactDecimal) -> Bool {
    if digits.isEmpty || other.digits.isEmpty { return digits.isEmpty && !other.digits.isEmpty }
    if exponent != other.exponent { return exponent < other.exponent }
    return digits.lexicographicallyPrecedes(other.digits)
  }
}

extension JSONValue {
  /// Reads a number as JSON spells it; nil for any other text.
  public init?(decimal text: String) {
    guard ExactDecimal(text) != nil else { return nil }
    self = Int64(text).map(JSONValue.integer) ?? .number(JSONNumber(unchecked: text))
  }

  /// The exact number where this is one.
  public var decimal: ExactDecimal? {
    switch self {
    case .integer(let value): ExactDecimal(value)
    case .number(let number): ExactDecimal(number.literal)
    case .null, .bool, .string, .array, .object: nil
    }
  }
}
