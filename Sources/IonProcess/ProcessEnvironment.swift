internal import CIonProcess
internal import Glibc

/// This program's own environment, as a step's may be made from.
public enum ProcessEnvironment {
  /// Every variable in the order that the system has them. Entries that aren't UTF-8, or have no `=`, are left out: they
  /// could only be passed on broken.
  public static func current() -> [(String, String)] {
    guard var entry = ion_environment() else { return [] }
    var variables: [(String, String)] = []
    while let text = entry.pointee {
      if let pair = split(UnsafeBufferPointer(start: text, count: strlen(text))) { variables.append(pair) }
      entry += 1
    }
    return variables
  }

  private static func split(_ entry: UnsafeBufferPointer<CChar>) -> (String, String)? {
    let bytes = entry.lazy.map(UInt8.init(bitPattern:))
    guard let sign = bytes.firstIndex(of: UInt8(ascii: "=")), sign > 0 else { return nil }
    guard let name = String(validating: bytes[..<sign], as: UTF8.self),
      let value = String(validating: bytes[(sign + 1)...], as: UTF8.self)
    else { return nil }
    return (name, value)
  }
}
