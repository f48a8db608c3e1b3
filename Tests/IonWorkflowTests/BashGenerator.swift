/// A generator of random numbers that is the same everywhere.
struct SplitMix {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next(below bound: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
  }
}

/// Writes random bodies out of pieces whose meaning it knows: what each expands to, wherever it stands.
struct BashGenerator {
  struct Body {
    var text: String
    var prints: String
    /// By the node's id.
    var values: [String: String]
  }

  /// Some source, and the text that bash makes of it.
  struct Piece {
    var source: String
    var means: String

    init(_ source: String, _ means: String) {
      self.source = source
      self.means = means
    }

    static func + (left: Piece, right: Piece) -> Piece { Piece(left.source + right.source, left.means + right.means) }
  }

  private var random: SplitMix
  private var values: [String: String] = [:]
  private var depth = 0
  /// How many substitutions stand around. Bash 5.2 writes out what is inside anew, and loses its way in lists, loops and `[[`.
  private var substitutions = 0

  init(seed: UInt64) { random = SplitMix(seed: seed) }

  mutating func body() -> Body {
    values = [:]
    (depth, substitutions) = (0, 0)
    let commands = commands()
    return Body(text: commands.source, prints: commands.means, values: values)
  }

  private mutating func one<T>(_ choices: [T]) -> T { choices[random.next(below: choices.count)] }

  private mutating func several(_ least: Int = 0, _ make: (inout BashGenerator) -> Piece) -> Piece {
    (0..<(least + random.next(below: 4))).reduce(Piece("", "")) { pieces, _ in pieces + make(&self) }
  }

  /// A choice of what nests, and of what doesn't once it is deep.
  private mutating func nesting(_ flat: [(inout BashGenerator) -> Piece], _ deep: [(inout BashGenerator) -> Piece])
    -> Piece
  {
    let make = one(depth < 4 ? flat + deep : flat)
    depth += 1
    defer { depth -= 1 }
    return make(&self)
  }

  private mutating func reference() -> Piece {
    let id = "n\(values.count)"
    // A newline at the end would be lost in `$(…)`, which is bash's own doing.
    let value = String(one(hostileValues).reversed().drop { $0 == "\n" || $0 == "\r\n" }.reversed())
    values[id] = value
    // A slash, so that what follows is no part of the reference.
    return Piece("$\(id).output/", value + "/")
  }

  private mutating func plain() -> Piece {
    let text = one(["a", "b-c", "%", "é", "1", ":", "@", ",", "+"])
    return Piece(text, text)
  }

  // MARK: Words

  private mutating func word() -> Piece {
    let first = plain()
    return first + several { $0.wordPiece() }
  }

  private mutating func wordPiece() -> Piece {
    nesting(
      [
        { $0.reference() }, { $0.plain() }, { $0.singleQuoted() }, { $0.dollarQuoted() },
        {
          $0.one([
            Piece("\\$", "$"), Piece("\\'", "'"), Piece("\\\"", "\""), Piece("\\ ", " "), Piece("\\\n", ""),
            Piece("\\#", "#"),
          ])
        },
      ],
      [
        { $0.doubleQuoted() }, { $0.doubleQuoted() }, { generator in Piece("$", "") + generator.doubleQuoted() },
        { generator in
          let inner = generator.quotedPieces()
          return Piece("${none:-\"\(inner.source)\"}", inner.means)
        },
        { $0.arithmetic() },
      ])
  }

  private mutating func singleQuoted() -> Piece {
    let inner = several { generator in
      let text = generator.one(["\"", "`", "$", "${", ")", "#", " ", "\n", ";", "x"])
      return generator.one([generator.reference(), generator.plain(), Piece(text, text)])
    }
    return Piece("'\(inner.source)'", inner.means)
  }

  private mutating func dollarQuoted() -> Piece {
    let inner = several { generator in
      let text = generator.one([
        ("\\'", "'"), ("\\n", "\n"), ("\\x41", "A"), ("\\\\", "\\"), ("\"", "\""), ("`", "`"), (" ", " "),
      ])
      return generator.one([generator.reference(), generator.plain(), Piece(text.0, text.1)])
    }
    return Piece("$'\(inner.source)'", inner.means)
  }

  private mutating func doubleQuoted() -> Piece {
    let inner = quotedPieces()
    return Piece("\"\(inner.source)\"", inner.means)
  }

  /// What may stand between double quotes.
  private mutating func quotedPieces() -> Piece { several { $0.quotedPiece() } }

  private mutating func quotedPiece() -> Piece {
    nesting(
      [
        { $0.reference() }, { $0.plain() },
        { generator in
          generator.one([
            Piece("'", "'"), Piece("\\\"", "\""), Piece("\\$", "$"), Piece("\\\\", "\\"), Piece("\\`", "`"),
            Piece(" ", " "),
            Piece("#", "#"), Piece(")", ")"), Piece("}", "}"), Piece("\n", "\n"), Piece("\\\n", ""), Piece("*", "*"),
          ])
        },
      ],
      [
        { $0.substitution() }, { $0.backquoted() }, { $0.arithmetic() }, { $0.substitution() },
        { generator in
          let (inner, operator_) = (generator.reference(), generator.one([":-", "-"]))
          return Piece("${none\(operator_)\(inner.source)}", inner.means)
        },
        { generator in
          let inner = generator.doubleQuoted()
          return Piece("${none:-\(inner.source)}", inner.means)
        },
      ])
  }

  private mutating func arithmetic() -> Piece {
    let number = random.next(below: 100)
    let id = "n\(values.count)"
    values[id] = one(["\(number)", "0\(number)", "+\(number)", " \(number)\n"])
    let source = one([
      "$(($\(id).output+1))", "$(( 1 + ($\(id).output) ))", "$[$\(id).output + 1]", "$((${none:-$\(id).output}+1))",
    ])
    return Piece(source, "\(number + 1)")
  }

  // MARK: Substitutions

  private mutating func substituted() -> Piece {
    substitutions += 1
    defer { substitutions -= 1 }
    return commands()
  }

  private mutating func substitution() -> Piece {
    // No `((`, which bash reads as arithmetic first, comments and all.
    let inner = substituted()
    return Piece("$(\(one([" ", "\n", "# it's \" `\n"]))\(inner.source)\nprintf .)", inner.means + ".")
  }

  private mutating func backquoted() -> Piece {
    // Each level doubles the backslashes of the one inside.
    depth += 2
    defer { depth -= 2 }
    let inner = commands()
    guard !inner.source.contains("\\\n"), !inner.source.contains("$(") else {
      return inner.means.isEmpty ? plain() : reference()
    }
    let escaped = inner.source.map { $0 == "\\" || $0 == "`" ? "\\\($0)" : String($0) }.joined()
    return Piece("`\(escaped)\nprintf .`", inner.means + ".")
  }

  // MARK: Commands

  private mutating func commands() -> Piece {
    let first = command()
    return (0..<random.next(below: 3)).reduce(first) { commands, _ in
      let break_ = one(["\n", " # it's $none.output \" ` )\n"])
      return commands + Piece(break_, "") + command()
    }
  }

  private mutating func command() -> Piece {
    nesting(
      [{ $0.print() }, { $0.print() }, { $0.quotedHereDocument() }],
      [
        { $0.hereDocument() }, { $0.assignment() }, { $0.list() }, { $0.choice() }, { $0.loop() }, { $0.grouped() },
        { $0.condition() },
        { generator in
          let word = generator.word()
          return Piece("cat <<< \(word.source)", word.means + "\n")
        },
        { generator in
          let inner = generator.substituted()
          return Piece("cat <( \(inner.source)\n)", inner.means)
        },
      ])
  }

  private mutating func print() -> Piece {
    let words = (0..<(1 + random.next(below: 2))).map { _ in word() }
    return Piece("printf '%s|' " + words.map(\.source).joined(separator: " "), words.map { $0.means + "|" }.joined())
  }

  private mutating func assignment() -> Piece {
    let word = word()
    return Piece("y=\(word.source)\nprintf '%s|' \"$y\"", word.means + "|")
  }

  private mutating func list() -> Piece {
    guard substitutions == 0 else { return print() }
    let words = [word(), word()]
    let source = "z=(\(words[0].source) # it's )\n[5]=\(words[1].source))\nprintf '%s|' \"${z[@]}\""
    return Piece(source, words.map { $0.means + "|" }.joined())
  }

  private mutating func choice() -> Piece {
    let (word, inner) = (word(), commands())
    let pattern = one(["(\(word.source))", "nothing|\(word.source) )", "\(word.source))"])
    return Piece(
      "case \(word.source) in nope) exit ;; # it's )\n\(pattern) \(inner.source)\n;; *) exit;; esac", inner.means)
  }

  private mutating func loop() -> Piece {
    guard substitutions == 0 else { return print() }
    let (words, inner) = ([word(), word()], commands())
    let source = "for w in \(words[0].source) \(words[1].source); do \(inner.source)\nprintf '%s' \"$w\"; done"
    // An inner loop leaves its own last word in the variable.
    guard !inner.source.contains("for w in") else { return inner }
    return Piece(source, words.map { inner.means + $0.means }.joined())
  }

  private mutating func grouped() -> Piece {
    let (inner, name) = (commands(), "f\(random.next(below: 1_000_000))")
    return Piece(
      one([
        "{ \(inner.source)\n}", "( \(inner.source)\n)", "if :; then \(inner.source)\nfi",
        "\(name)() { \(inner.source)\n}; \(name)",
        "! { \(inner.source)\n}", "( (: x); \(inner.source)\n)",
      ]), inner.means)
  }

  private mutating func condition() -> Piece {
    guard substitutions == 0 else { return print() }
    // What isn't quoted is a regular expression.
    let (word, quoted, inner) = (word(), doubleQuoted() + reference() + singleQuoted(), commands())
    let (left, test) = one([
      (word, "== \(word.source)"), (word, "== @(nope|\(word.source))"), (quoted, "=~ ^\(quoted.source)$"),
      (quoted, "=~ ^(b c|\(quoted.source))$"),
    ])
    return Piece("[[ \(left.source) \(test) ]] && {\n\(inner.source)\n}", inner.means)
  }

  // MARK: Here-documents

  private mutating func hereDocument() -> Piece {
    let end = "E\(random.next(below: 1_000_000))"
    let inner = several { generator in
      generator.nesting(
        [
          { $0.reference() }, { $0.plain() },
          {
            $0.one([
              Piece("\"", "\""), Piece("'", "'"), Piece("\\$", "$"), Piece("\\\\", "\\"), Piece("\\\n", ""),
              Piece("\n", "\n"), Piece("#", "#"),
            ])
          },
        ], [{ $0.substitution() }, { $0.arithmetic() }])
    }
    return Piece("cat <<\(end)\nx\(inner.source)\n\(end)\n:", "x\(inner.means)\n")
  }

  private mutating func quotedHereDocument() -> Piece {
    let end = "E\(random.next(below: 1_000_000))"
    let inner = several { generator in
      let text = generator.one(["\"", "'", "$", "`", "$(", "${x}", "$HOME", "\\x", "\n", "#"])
      return generator.one([generator.reference(), generator.plain(), Piece(text, text)])
    }
    let (word, close) = one([
      ("'\(end)'", end), ("\"\(end)\"", end), ("\\\(end)", end), ("'\(end) x'", "\(end) x"), ("E''\(end)", "E\(end)"),
    ])
    return Piece("cat <<\(word)\nx\(inner.source)\n\(close)\n:", "x\(inner.means)\n")
  }
}
