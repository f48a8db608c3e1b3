internal import IonWorkflow

/// Everything that the page says of one node.
struct NodeDetail {
  private let picture: RunPicture
  private let index: Int
  private let links: PictureLinks

  private var node: RunPicture.Node { picture.nodes[index] }

  /// So many neighbours are listed at most.
  private static let neighbours = 40

  init(_ picture: RunPicture, _ index: Int, _ links: PictureLinks) {
    self.picture = picture
    self.index = index
    self.links = links
  }

  var markup: Markup {
    let look = StatusLook(node.status)
    var markup: Markup = """
      <article class="detail \(look.rawValue)" id="node-\(index)" tabindex="-1" aria-labelledby="name-\(index)">
      <h3 id="name-\(index)"><span class="mark">\(look.icon)</span>\
      \(PlainText.shortened(node.id.rawValue, to: 400))</h3>

      """
    if let description = node.description { markup += "<p>\(PlainText.shortened(description, to: 1_000))</p>\n" }
    markup += facts(look)
    if let error = node.error {
      markup += "<p class=\"error\"><span>\(PlainText.shortened(error, to: 4_000))</span></p>\n"
    }
    markup += executions
    markup += output
    markup += artifacts
    markup += neighbours("Waits for", links.dependencies[index])
    markup += neighbours("Waited for by", links.dependents[index])
    markup += "</article>\n"
    return markup
  }

  private func facts(_ look: StatusLook) -> Markup {
    var facts: [(String, Markup)] = [("Status", "<span class=\"word\">\(look.word)</span>")]
    if let summary = node.summary { facts.append(("Why", "\(PlainText.shortened(summary, to: 1_000))")) }
    if !node.kind.isEmpty { facts.append(("Kind", "<code>\(node.kind)</code>")) }
    if let condition = node.condition {
      facts.append(("When", "<code>\(PlainText.shortened(condition, to: 500))</code>"))
    }
    if let duration = node.duration(by: picture.takenAt) { facts.append(("Took", "\(TimeText.span(duration))")) }
    if let start = node.executions.last?.startedAt ?? node.startedAt { facts.append(("Started", TimeMarkup.of(start))) }
    if let end = node.endedAt { facts.append((node.attempt > 0 ? "Ended" : "Settled", TimeMarkup.of(end))) }
    if node.attempt > 0 { facts.append(("Attempts", "\(node.attempt)")) }
    if let code = node.exitCode { facts.append(("Exit code", "\(code)")) }
    return "<dl class=\"facts\">\(facts.map { "<div><dt>\($0)</dt><dd>\($1)</dd></div>" as Markup }.joined())</dl>\n"
  }

  private var executions: Markup {
    guard node.executions.count > 1 else { return "" }
    let shown = node.executions.suffix(50)
    let rows = shown.map { execution -> Markup in
      let look = StatusLook(execution.status)
      let span = TimeText.span(max(0, (execution.endedAt ?? picture.takenAt) - execution.startedAt))
      let error = execution.error.map { PlainText.shortened(PlainText.line($0), to: 200) } ?? ""
      return """
        <tr><td class="number">\(execution.attempt)</td><td class="status \(look.rawValue)">\
        \(look.icon)<span>\(look.word)</span></td>\
        <td class="number">\(span)</td><td class="why">\(error)</td></tr>
        """
    }
    return """
      <h4>Attempts</h4><table><thead><tr><th scope="col">#</th><th scope="col">Status</th><th scope="col">Took</th>\
      <th scope="col">Why</th></tr></thead><tbody>\(rows.joined())</tbody></table>

      """
  }

  private var output: Markup {
    guard let output = node.output else { return "" }
    let heading: Markup =
      output.skipped > 0
      ? "Output, its end (\(TimeText.size(Int64(output.skipped))) before it are in <code>ion log</code>)" : "Output"
    return """
      <h4>\(heading)</h4><pre tabindex="0" aria-label="\("Output of \(node.id.rawValue)")">\
      \(PlainText.printed(output.text))</pre>

      """
  }

  private var artifacts: Markup {
    guard !node.artifacts.isEmpty else { return "" }
    let shown = node.artifacts.prefix(100).map(ArtifactMarkup.item)
    let more: Markup = node.artifacts.count > 100 ? "<li>and \(node.artifacts.count - 100) more</li>" : ""
    return "<h4>Artifacts</h4><ul>\(shown.joined())\(more)</ul>\n"
  }

  private func neighbours(_ title: String, _ list: [Int]) -> Markup {
    guard !list.isEmpty else { return "" }
    let shown = list.prefix(Self.neighbours).map { other -> Markup in
      let node = picture.nodes[other]
      return """
        <li><a class="id" href="#node-\(other)">\(PlainText.cut(node.id.rawValue, to: 120))</a> \
        \(StatusLook(node.status).word)</li>
        """
    }
    let more: Markup = list.count > shown.count ? "<li>and \(list.count - shown.count) more</li>" : ""
    return "<h4>\(title)</h4><ul>\(shown.joined())\(more)</ul>\n"
  }
}

/// Links to files.
enum ArtifactMarkup {
  static func item(_ artifact: RunPicture.Artifact) -> Markup {
    let name = PlainText.shortened(artifact.name, to: 300)
    let size = TimeText.size(artifact.size)
    // Nothing but files of this machine is ever linked to.
    guard artifact.uri.hasPrefix("file://") else { return "<li>\(name) (\(size))</li>" }
    return "<li><a href=\"\(artifact.uri)\">\(name)</a> (\(size))</li>"
  }
}

/// Moments, for people and for programs.
enum TimeMarkup {
  static func of(_ time: Int64) -> Markup {
    let text = UTCText.of(time)
    let words = "\(text.prefix(10)) \(text.dropFirst(11).prefix(8)) UTC"
    return "<time datetime=\"\(text)\">\(words)</time>"
  }
}
