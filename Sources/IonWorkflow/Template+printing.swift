extension Template: CustomStringConvertible {
  /// The text as a workflow file may write it, which `parse` reads back.
  public var description: String {
    segments.map { segment in
      switch segment {
      // By scalars: a dollar with a combining mark behind it is one character, and still a dollar.
      case .text(let text): text.unicodeScalars.map { $0 == "$" ? "$$" : String($0) }.joined()
      case .reference(let reference): reference.description
      }
    }.joined()
  }
}
