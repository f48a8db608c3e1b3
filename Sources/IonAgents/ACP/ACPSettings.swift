internal import IonJSON

/// What can be chosen in a session: options, and the older lists of modes and models.
struct ACPSettings: Hashable {
  /// What somebody wants of a session.
  enum Wish: Hashable {
    case mode(String)
    case model(String)
    case effort(String)

    var value: String {
      switch self {
      case .mode(let value), .model(let value), .effort(let value): value
      }
    }

    /// What it is called before people.
    var name: String {
      switch self {
      case .mode: "mode"
      case .model: "model"
      case .effort: "effort"
      }
    }
  }

  /// What a wish comes to.
  enum Way: Hashable {
    /// It is so already.
    case fulfilled
    /// It is asked for by this request.
    case request(method: String, parameters: JSONObject)
    /// The agent has these instead, by the names that a wish may have.
    case notOffered([String])
    /// The agent doesn't let it be chosen.
    case notChoosable
  }

  private struct Choice: Hashable {
    var value: String
    var name: String
  }

  private struct Selection: Hashable {
    var current: String?
    var choices: [Choice]
  }

  private struct Option: Hashable {
    var id: String
    var category: String?
    var selection: Selection
  }

  private var options: [Option] = []
  private var modes: Selection?
  private var models: Selection?

  /// Takes what the answer that opened the session, or that changed an option, says of it.
  mutating func take(_ answer: JSONValue) {
    if let given = answer["configOptions"]?.arrayValue { options = given.compactMap(Self.option) }
    if let given = answer["modes"]?.unlessNull {
      modes = Self.selection(given, current: "currentModeId", list: "availableModes", id: "id")
    }
    // Agents of before there were options offer models so.
    if let given = answer["models"]?.unlessNull {
      models = Self.selection(given, current: "currentModelId", list: "availableModels", id: "modelId")
    }
  }

  mutating func setMode(_ id: String) { modes?.current = id }

  /// How a wish is made to come true.
  func way(to wish: Wish) -> Way {
    if let option = option(for: wish) {
      return Self.choose(wish.value, from: option.selection) { value in
        ("session/set_config_option", ["configId": .string(option.id), "value": .string(value)])
      }
    }
    switch wish {
    case .mode:
      guard let modes else { return .notChoosable }
      return Self.choose(wish.value, from: modes) { ("session/set_mode", ["modeId": .string($0)]) }
    case .model:
      guard let models else { return .notChoosable }
      return Self.choose(wish.value, from: models) { ("session/set_model", ["modelId": .string($0)]) }
    case .effort: return .notChoosable
    }
  }

  /// The option that a wish is about: by its category, else by its usual names.
  private func option(for wish: Wish) -> Option? {
    let (category, names): (String, [String]) =
      switch wish {
      case .mode: ("mode", ["mode"])
      case .model: ("model", ["model"])
      case .effort: ("thought_level", ["effort", "reasoning_effort", "thought_level", "thinking"])
      }
    return options.first { $0.category == category } ?? options.first { names.contains($0.id) }
  }

  /// A choice by its value, else by its name in any case.
  private static func choose(
    _ wanted: String, from selection: Selection, by request: (String) -> (String, JSONObject)
  ) -> Way {
    let choice =
      selection.choices.first { $0.value == wanted }
      ?? selection.choices.first { $0.name.lowercased() == wanted.lowercased() }
    guard let choice else { return .notOffered(selection.choices.map(\.value)) }
    if choice.value == selection.current { return .fulfilled }
    let (method, parameters) = request(choice.value)
    return .request(method: method, parameters: parameters)
  }

  /// An option of which one of several values is chosen; nil for the others, which no wish is about.
  private static func option(_ value: JSONValue) -> Option? {
    guard let id = value["id"]?.stringValue, let list = value["options"]?.arrayValue else { return nil }
    // Groups of choices, or choices.
    let choices = list.flatMap { $0["options"]?.arrayValue ?? [$0] }
    return Option(
      id: id, category: value["category"]?.stringValue,
      selection: Selection(
        current: value["currentValue"]?.stringValue, choices: choices.compactMap { choice($0, id: "value") }))
  }

  private static func selection(_ value: JSONValue, current: String, list: String, id: String) -> Selection? {
    guard let choices = value[list]?.arrayValue else { return nil }
    return Selection(current: value[current]?.stringValue, choices: choices.compactMap { choice($0, id: id) })
  }

  private static func choice(_ value: JSONValue, id: String) -> Choice? {
    guard let given = value[id]?.stringValue else { return nil }
    return Choice(value: given, name: value["name"]?.stringValue ?? given)
  }
}
