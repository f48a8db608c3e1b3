internal import IonJSON
internal import IonWorkflow

/// The members of a stored JSON object, read by type. Members that this version doesn't know are passed over.
struct Fields {
  private let object: JSONObject

  /// Why a stored text isn't what its reader expects.
  struct Mismatch: Error, Hashable {
    let description: String
  }

  init(_ value: JSONValue?) throws(Mismatch) {
    guard case .object(let object)? = value else { throw Mismatch(description: "not an object") }
    self.object = object
  }

  init(text: String) throws(Mismatch) { try self.init(Self.value(of: text)) }

  /// Reads a stored JSON text.
  static func value(of text: String) throws(Mismatch) -> JSONValue {
    do { return try JSONParser().parse(text) } catch { throw Mismatch(description: error.description) }
  }

  /// The member, or nil where it is missing or null.
  subscript(key: String) -> JSONValue? {
    guard let value = object[key], value != .null else { return nil }
    return value
  }

  func text(_ key: String) throws(Mismatch) -> String { try required(key, optionalText(key)) }
  func integer(_ key: String) throws(Mismatch) -> Int64 { try required(key, optionalInteger(key)) }
  func int(_ key: String) throws(Mismatch) -> Int { try required(key, optionalInt(key)) }
  func object(_ key: String) throws(Mismatch) -> Fields { try Fields(self[key]) }
  func list(_ key: String) throws(Mismatch) -> [JSONValue] { try required(key, self[key]?.arrayValue) }

  /// The members of an object whose keys are data.
  func members(_ key: String) throws(Mismatch) -> [JSONObject.Member] {
    guard let value = self[key] else { return [] }
    return try required(key, value.objectValue).members
  }

  /// An object whose keys are data and whose values are texts.
  func texts(_ key: String) throws(Mismatch) -> [String: String] {
    var texts: [String: String] = [:]
    for member in try members(key) { texts[member.key] = try required(key, member.value.stringValue) }
    return texts
  }

  func path(_ key: String) throws(Mismatch) -> AbsolutePath { try required(key, AbsolutePath(text(key))) }

  func bool(_ key: String) throws(Mismatch) -> Bool { try required(key, self[key]?.boolValue) }

  /// One of an enum's words.
  func word<Word: RawRepresentable>(_ key: String, as: Word.Type = Word.self) throws(Mismatch) -> Word
  where Word.RawValue == String {
    try required(key, Word(rawValue: text(key)))
  }

  func optionalText(_ key: String) throws(Mismatch) -> String? {
    guard let value = self[key] else { return nil }
    return try required(key, value.stringValue)
  }

  /// A number that is no integer, or one; nil where it is missing.
  func optionalDouble(_ key: String) throws(Mismatch) -> Double? {
    switch self[key] {
    case nil: nil
    case .integer(let number)?: Double(number)
    case .number(let number)?: number.double
    default: throw Mismatch(description: "no valid \(key)")
    }
  }

  func optionalInteger(_ key: String) throws(Mismatch) -> Int64? {
    guard let value = self[key] else { return nil }
    return try required(key, value.integerValue)
  }

  func optionalInt(_ key: String) throws(Mismatch) -> Int? {
    guard let number = try optionalInteger(key) else { return nil }
    return try required(key, Int(exactly: number))
  }

  private func required<Value>(_ key: String, _ value: Value?) throws(Mismatch) -> Value {
    guard let value else { throw Mismatch(description: "no valid \(key)") }
    return value
  }
}

extension JSONValue {
  /// An object with these members; those whose value is nil are left out.
  static func stored(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue {
    .object(
      JSONObject(members: members.compactMap { key, value in value.map { JSONObject.Member(key: key, value: $0) } }))
  }

  static func text(_ text: String?) -> JSONValue? { text.map(JSONValue.string) }
  static func int(_ number: (some BinaryInteger)?) -> JSONValue? { number.map { .integer(Int64($0)) } }
}
