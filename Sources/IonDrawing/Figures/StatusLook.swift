internal import IonWorkflow

/// How a status is told: a colour, a shape that tells it without one, and a word.
enum StatusLook: String, CaseIterable, Sendable {
  case pending, running, awaitingApproval, succeeded, failed, skipped, cancelled, interrupted, unknown

  init(_ status: NodeStatus) {
    switch status {
    case .pending: self = .pending
    case .running: self = .running
    case .awaitingApproval: self = .awaitingApproval
    case .succeeded: self = .succeeded
    case .failed: self = .failed
    case .skipped: self = .skipped
    case .cancelled: self = .cancelled
    case .interrupted: self = .interrupted
    case .unknown: self = .unknown
    }
  }

  init(_ status: RunStatus) {
    switch status {
    case .queued: self = .pending
    case .running: self = .running
    case .awaitingApproval, .paused: self = .awaitingApproval
    case .interrupted: self = .interrupted
    case .succeeded: self = .succeeded
    case .failed: self = .failed
    case .cancelled: self = .cancelled
    }
  }

  /// For people, within a sentence.
  var word: String {
    switch self {
    case .awaitingApproval: "awaiting approval"
    case .pending, .running, .succeeded, .failed, .skipped, .cancelled, .interrupted, .unknown: rawValue
    }
  }

  /// A sign for places that have text alone.
  var sign: String {
    switch self {
    case .pending: "○"
    case .running: "▶"
    case .awaitingApproval: "⏸"
    case .succeeded: "✓"
    case .failed: "✗"
    case .skipped: "–"
    case .cancelled: "■"
    case .interrupted: "!"
    case .unknown: "?"
    }
  }

  /// Colours on a light and on a dark ground: of lines and signs, with a contrast of 4.5 or more to the ground, and of
  /// the box behind them.
  var colours: (light: (ink: String, fill: String), dark: (ink: String, fill: String)) {
    switch self {
    case .pending: (("#59636e", "#ffffff"), ("#9aa5b1", "#1b2027"))
    case .running: (("#0a5cbf", "#e8f1fd"), ("#79b8ff", "#14283f"))
    case .awaitingApproval: (("#855400", "#fdf3da"), ("#f0c052", "#33290f"))
    case .succeeded: (("#08705a", "#e6f5f0"), ("#4fcfa8", "#12302a"))
    case .failed: (("#b4231a", "#fdeceb"), ("#ff8f85", "#3b1a19"))
    case .skipped: (("#59636e", "#f5f6f8"), ("#9aa5b1", "#1b2027"))
    case .cancelled: (("#66459b", "#f2edfa"), ("#c4a7f5", "#281f3a"))
    case .interrupted: (("#96480a", "#fdefe3"), ("#ffb072", "#37230f"))
    case .unknown: (("#8a2f78", "#fbebf8"), ("#eaa0db", "#351b30"))
    }
  }

  /// The shape within 18 by 18, in the colour that is current; `glyph` is what is cut out of it.
  private var shape: Markup {
    switch self {
    case .pending: #"<circle cx="9" cy="9" r="7" class="ring"/>"#
    case .running: #"<circle cx="9" cy="9" r="7.2" class="ring"/><path d="M7 5.6 12.4 9 7 12.4Z"/>"#
    case .awaitingApproval: #"<circle cx="9" cy="9" r="8"/><path d="M7 5.8V12.2M11 5.8V12.2" class="glyph"/>"#
    case .succeeded: #"<circle cx="9" cy="9" r="8"/><path d="M5.4 9.3 8 11.9 12.7 6.7" class="glyph"/>"#
    case .failed:
      #"<path d="M5.7 1H12.3L17 5.7V12.3L12.3 17H5.7L1 12.3V5.7Z"/><path d="M6 6 12 12M12 6 6 12" class="glyph"/>"#
    case .skipped: #"<circle cx="9" cy="9" r="7" class="ring dashed"/><path d="M6 9H12" class="ring"/>"#
    case .cancelled: #"<rect x="1.5" y="1.5" width="15" height="15" rx="3"/><path d="M6 9H12" class="glyph"/>"#
    case .interrupted: #"<path d="M9 1 17.4 16.4H.6Z"/><path d="M9 6.4V10.8M9 13.4V13.6" class="glyph"/>"#
    case .unknown:
      #"<path d="M9 .4 17.6 9 9 17.6.4 9Z"/><path d="M6.9 7.2A2.1 2.1 0 1 1 9 9.4V10.4M9 12.8V13" class="glyph"/>"#
    }
  }

  /// The definitions that `mark` refers to; they stand once in a document.
  static let symbols: Markup = allCases.map { look -> Markup in
    "<symbol id=\"mark-\(look.rawValue)\" viewBox=\"0 0 18 18\">\(look.shape)</symbol>"
  }.joined()

  /// The shape of the status at a place.
  func mark(x: Double, y: Double, size: Double = 18) -> Markup {
    "<use href=\"#mark-\(rawValue)\" x=\"\(x)\" y=\"\(y)\" width=\"\(size)\" height=\"\(size)\"/>"
  }

  /// The shape as a small picture within a text, which says the same.
  var icon: Markup { "<svg aria-hidden=\"true\"><use href=\"#mark-\(rawValue)\"/></svg>" }
}
