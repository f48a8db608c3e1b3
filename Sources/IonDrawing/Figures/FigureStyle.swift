/// The colours and lines of the figures, as CSS. Texts, grounds and lines are variables, so that one drawing serves on
/// light and on dark.
enum FigureStyle {
  /// The variables' values on a light ground.
  static let light = variables(
    [
      ("bg", "#f6f7f9"), ("panel", "#ffffff"), ("ink", "#1b2229"), ("muted", "#59636e"), ("line", "#d5dae0"),
      ("edge", "#8b96a3"), ("accent", "#0a5cbf"),
    ]) { $0.colours.light }

  /// The same on a dark one.
  static let dark = variables(
    [
      ("bg", "#101419"), ("panel", "#171c22"), ("ink", "#e6eaef"), ("muted", "#9aa5b1"), ("line", "#323a45"),
      ("edge", "#6c7885"), ("accent", "#79b8ff"),
    ]) { $0.colours.dark }

  private static func variables(
    _ grounds: [(name: String, value: String)], _ colours: (StatusLook) -> (ink: String, fill: String)
  ) -> String {
    let statuses = StatusLook.allCases.map { look in
      "--\(look.rawValue):\(colours(look).ink);--\(look.rawValue)-fill:\(colours(look).fill);"
    }
    return grounds.map { "--\($0.name):\($0.value);" }.joined() + statuses.joined()
  }

  /// What the classes of the figures look like.
  static let rules =
    StatusLook.allCases.map {
      ".\($0.rawValue){color:var(--\($0.rawValue));--fill:var(--\($0.rawValue)-fill)}"
    }.joined(separator: "\n") + """

      svg{font-family:system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
      svg text{fill:var(--ink);font-size:12px}
      symbol,use{fill:currentColor}
      .ring{fill:none;stroke:currentColor;stroke-width:1.8}
      .ring.dashed{stroke-dasharray:3 2.4}
      .glyph{fill:none;stroke:var(--panel);stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
      .box{fill:var(--fill);stroke:currentColor;stroke-width:1.3}
      .failed .box{stroke-width:2}
      .pending .box,.skipped .box{stroke-dasharray:4 3}
      svg .name{font-size:13px;font-weight:600}
      .skipped .name,.pending .name{fill:var(--muted);font-weight:500}
      svg .note,svg .label,svg .tick{fill:var(--muted);font-size:11px}
      .frame{fill:var(--bg);fill-opacity:.6;stroke:var(--line);stroke-width:1.2}
      .edge{fill:none;stroke:var(--edge);stroke-width:1.4}
      .head{fill:var(--edge)}
      .rule{stroke:var(--line);stroke-width:1}
      .bar rect{fill:var(--fill);stroke:currentColor;stroke-width:1.2}
      .bar .hatch{fill:url(#hatch);stroke:none}
      .bar.running rect{stroke-dasharray:4 2}
      svg .inside{font-size:11px}
      .retry{stroke:var(--failed);stroke-width:1.6;stroke-dasharray:2 3;fill:none}
      .waiting{fill:var(--line);fill-opacity:.55;stroke:var(--edge);stroke-width:1.2}
      .break{fill:var(--bg);stroke:var(--line);stroke-dasharray:3 3}
      .now{stroke:var(--running);stroke-width:1.4}
      """
}
