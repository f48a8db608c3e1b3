internal import IonWorkflow

/// Makes run ids: 16 letters and digits by chance (80 bits), so that a few of them are enough for people to name a run.
enum RunIdentifier {
  static let alphabet = Array("0123456789abcdefghjkmnpqrstvwxyz".utf8)

  static func fresh() -> RunID {
    var generator = SystemRandomNumberGenerator()
    let bytes = (0..<16).map { _ in alphabet[Int.random(in: 0..<alphabet.count, using: &generator)] }
    return RunID(String(decoding: bytes, as: UTF8.self))
  }
}
