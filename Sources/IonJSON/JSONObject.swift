/// The members of a JSON object in their order. Keys are unique by their UTF-8 bytes.
///
/// Small objects are searched; those with more than `searchLimit` members carry an index, so that building and reading
/// an object is linear in its size.
public struct JSONObject: Sendable {
  /// One `"key": value`.
  public struct Member: Hashable, Sendable {
    public let key: String
    public var value: JSONValue

    public init(key: String, value: JSONValue) {
      self.key = key
      self.value = value
    }

    public static func == (left: Member, right: Member) -> Bool {
      left.key.hasSameBytes(as: right.key) && left.value == right.value
    }
  }

  /// A key that is compared by its bytes.
  private struct KeyBytes: Hashable {
    let text: String

    static func == (left: KeyBytes, right: KeyBytes) -> Bool { left.text.hasSameBytes(as: right.text) }
  }

  private static let searchLimit = 16

  public private(set) var members: [Member]
  /// The places of the keys in `members`; nil where there are at most `searchLimit`.
  private var places: [KeyBytes: Int]?

  public init() { members = [] }

  /// Wraps members whose keys the caller knows to be unique.
  public init(uniqueMembers members: [Member]) {
    self.members = members
    if members.count > Self.searchLimit { index(members) }
  }

  /// Takes members in their order; of several with one key, the last value stands in the first one's place.
  public init(members: [Member]) {
    self.init(uniqueMembers: members)
    guard members.count <= Self.searchLimit, hasDuplicate else { return }
    self.members = []
    for member in members { set(member.value, for: member.key) }
  }

  public var isEmpty: Bool { members.isEmpty }
  public var count: Int { members.count }
  public var keys: [String] { members.map(\.key) }

  /// The value of a key, compared by bytes; setting nil removes the member, setting a new key appends it.
  public subscript(key: String) -> JSONValue? {
    get { place(of: key).map { members[$0].value } }
    set {
      if let newValue {
        set(newValue, for: key)
      } else if let place = place(of: key) {
        members.remove(at: place)
        if places != nil { index(members) }
      }
    }
  }

  /// Whether there is a member with the key, even if it is null.
  public func contains(_ key: String) -> Bool { place(of: key) != nil }

  private func place(of key: String) -> Int? {
    if let places { return places[KeyBytes(text: key)] }
    return members.firstIndex { $0.key.hasSameBytes(as: key) }
  }

  private var hasDuplicate: Bool {
    members.indices.contains { later in
      members[..<later].contains { $0.key.hasSameBytes(as: members[later].key) }
    }
  }

  private mutating func set(_ value: JSONValue, for key: String) {
    if let place = place(of: key) {
      members[place].value = value
      return
    }
    members.append(Member(key: key, value: value))
    if places != nil {
      places?[KeyBytes(text: key)] = members.count - 1
    } else if members.count > Self.searchLimit {
      index(members)
    }
  }

  private mutating func index(_ given: [Member]) {
    var places = [KeyBytes: Int](minimumCapacity: given.count)
    var kept: [Member]?
    for (place, member) in given.enumerated() {
      let next = kept?.count ?? place
      if let earlier = places[KeyBytes(text: member.key)] {
        if kept == nil { kept = Array(given[..<place]) }
        kept?[earlier].value = member.value
      } else {
        places[KeyBytes(text: member.key)] = next
        kept?.append(member)
      }
    }
    if let kept { members = kept }
    self.places = places
  }
}

extension JSONObject: Hashable {
  /// Equal when both have the same members, in whatever order (JSON objects are unordered).
  public static func == (left: JSONObject, right: JSONObject) -> Bool {
    guard left.count == right.count else { return false }
    return left.members.enumerated().allSatisfy { place, member in
      let sameKey = right.members[place].key.hasSameBytes(as: member.key) ? place : right.place(of: member.key)
      guard let sameKey else { return false }
      return right.members[sameKey].value == member.value
    }
  }

  public func hash(into hasher: inout Hasher) {
    var combined = 0
    for member in members { combined ^= member.hashValue }
    hasher.combine(combined)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  public init(dictionaryLiteral elements: (String, JSONValue)...) {
    self.init()
    for (key, value) in elements { self[key] = value }
  }
}
