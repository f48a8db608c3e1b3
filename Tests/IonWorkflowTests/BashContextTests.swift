import IonWorkflow
import Testing

/// Every place that a reference may stand in, with every hostile value in it, in a real bash.
@Suite struct BashContextTests {
  /// A body that prints the value of `$n.output`, and what it prints, where `@` is the value.
  struct Context: Sendable {
    var body: String
    var prints: String

    init(_ body: String, _ prints: String) {
      self.body = body
      self.prints = prints
    }
  }

  static let words: [Context] = [
    Context("printf '%s|' $n.output", "@|"),
    Context("printf '%s|' a$n.output/b", "a@/b|"),
    Context("printf '%s|' $n.output$n.output $n.output", "@@|@|"),
    Context("printf '%s|' \"$n.output\"", "@|"),
    Context("printf '%s|' \"it's \\\"$n.output\\\" \\$n.output\"", "it's \"@\" $n.output|"),
    Context("printf '%s|' '$n.output'", "@|"),
    Context("printf '%s|' 'a \"$n.output\" \\ `b` $(c)'", "a \"@\" \\ `b` $(c)|"),
    Context("printf '%s|' $'$n.output'", "@|"),
    Context("printf '%s|' $'\\'\\t$n.output\\\\$n.output\\x41'", "'\t@\\@A|"),
    Context("printf '%s|' $\"a $n.output\"", "a @|"),
    Context("printf '%s|' a\\ \"b\"'c'$n.output$'d'\\\"", "a bc@d\"|"),
    Context("printf '%s|' \\\n$n.output\\\n", "@|"),
    Context("printf '%s|' {$n.output,b}", "@|b|"),
    Context("printf '%s|' ${none:-$n.output}", "@|"),
    Context("printf '%s|' ${none:-\"a $n.output\"'$n.output'}", "a @@|"),
    Context("printf '%s|' \"${none:-$n.output}\"", "@|"),
    Context("printf '%s|' \"${none:-\"$n.output\"}\"", "@|"),
    Context("printf '%s|' \"${none:-'$n.output'}\"", "'@'|"),
    Context("printf '%s|' \"${none:-$'$n.output'}\"", "@|"),
    Context("printf '%s|' \"${none-a${none:-$n.output}b}\"", "a@b|"),
    Context("x=1; printf '%s|' \"${x:+$n.output}\" ${x+$n.output}", "@|@|"),
    Context("printf '%s|' \"${none:=$n.output}\" \"$none\"", "@|@|"),
    Context("x=$n.output'.end'; printf '%s|' \"${x#$n.output}\"", ".end|"),
    Context(
      "x=$n.output'.end'; printf '%s|' \"${x#'$n.output'}\" ${x##$n.output} \"${x#\"$n.output\"}\"", ".end|.end|.end|"),
    Context("x=start.$n.output; printf '%s|' \"${x%$n.output}\" \"${x%%$'$n.output'}\"", "start.|start.|"),
    Context(
      "x=abc; printf '%s|' \"${x/b/$n.output}\" \"${x//b/\"$n.output\"}\" \"${x/b/'$n.output'}\"", "a@c|a@c|a@c|"),
    Context("x=\"[$n.output]\"; printf '%s|' \"${x/#\"[\"$n.output/<}\"", "<]|"),
  ]

  static let commands: [Context] = [
    Context("x=$n.output; printf '%s|' \"$x\"", "@|"),
    Context("x=$n.output y=a$n.output; x+=$n.output; printf '%s|' \"$x\" \"$y\"", "@@|a@|"),
    Context("x=$n.output bash -c 'printf \"%s|\" \"$x\"'", "@|"),
    Context("export x=$n.output; bash -c 'printf \"%s|\" \"$x\"'", "@|"),
    Context("f() { local x=$n.output; printf '%s|' \"$x\"; }; f", "@|"),
    Context("f() { printf '%s|' \"$1\"; }; f $n.output", "@|"),
    Context("x=($n.output \"$n.output\" [5]=$n.output); printf '%s|' \"${x[@]}\"", "@|@|@|"),
    Context("declare -a x=(\n$n.output # it's\n'$n.output'); printf '%s|' \"${x[@]}\"", "@|@|"),
    Context("x[1]=$n.output; printf '%s|' \"${x[1]}\"", "@|"),
    Context("declare -A x=([k]=$n.output); x[l]=$n.output; printf '%s|' \"${x[k]}\" \"${x[l]}\"", "@|@|"),
    Context("case $n.output in \"$n.output\") printf 'same|';; *) printf 'other|';; esac", "same|"),
    Context("x=$n.output; case $x in x) ;; $n.output) printf 'same|';; esac", "same|"),
    Context("x=$n.output; case a$x in (b|a$n.output) printf 'same|'; esac", "same|"),
    Context("x=$n.output; [[ $x == $n.output ]] && printf 'same|'", "same|"),
    Context("x=$n.output; [[ $x != '$n.output' || -z \"a$n.output\" ]] || printf 'same|'", "same|"),
    Context("x=a$n.output; [[ $x =~ ^a$n.output$ && $x =~ ^(b c|a$n.output)$ ]] && printf 'same|'", "same|"),
    Context("x=$n.output; [ \"$x\" = $n.output ] && printf 'same|'", "same|"),
    Context("for x in $n.output '$n.output'; do printf '%s|' \"$x\"; done", "@|@|"),
    Context("for ((i = 0; i < 2; i++)); do printf '%s|' $n.output; done", "@|@|"),
    Context("if printf '%s|' $n.output; then printf '%s|' \"$n.output\"; fi", "@|@|"),
    Context("{ printf '%s|' $n.output; }; (printf '%s|' '$n.output')", "@|@|"),
    Context("! printf '%s|' $n.output; time -p printf '%s|' $n.output 2>/dev/null", "@|@|"),
    Context(
      "coproc N { printf '%s\\0' $n.output; read -r; }; IFS= read -r -d '' x <&\"${N[0]}\"; printf '%s|' \"$x\"\n"
        + "echo >&\"${N[1]}\"; wait", "@|"),
    Context("function f { printf '%s|' $n.output; } 2>/dev/null; f", "@|"),
    Context("printf '%s|' $n.output # it's $n.output \"\n", "@|"),
    Context("# $(touch pwned) '\nprintf '%s|' a#$n.output $#", "a#@|0|"),
    Context("bash -c 'printf \"%s|\" \"$1\"' bash $n.output", "@|"),
    Context("printf '%s|' $n.output | cat", "@|"),
    Context("set -- $n.output; printf '%s|' \"$1\" $#", "@|1|"),
  ]

  static let substitutions: [Context] = [
    Context("printf '%s|' \"$(printf %s $n.output; printf .)\"", "@.|"),
    Context("printf '%s|' \"$(printf %s \"$n.output\" '$n.output'; printf .)\"", "@@.|"),
    Context("printf '%s|' \"$(printf '%s|' \"$(printf %s '$n.output'.)\")\"", "@.||"),
    Context("printf '%s|' \"`printf %s $n.output.`\"", "@.|"),
    Context("printf '%s|' \"`printf %s \"$n.output\" '$n.output.'`\"", "@@.|"),
    Context("printf '%s|' \"`printf %s \\\"\\$n.output\\\".`\"", "@.|"),
    Context("x=`printf %s \"\\`printf %s. \"$n.output\"\\`\"`; printf '%s|' \"$x\"", "@.|"),
    Context("printf '%s|' \"$(case x in x) printf %s $n.output. ;; esac)\"", "@.|"),
    Context("printf '%s|' \"$( # it's )\n(printf %s '$n.output'); printf .)\"", "@.|"),
    Context("printf '%s|' \"$((echo x) > /dev/null; printf %s. $n.output)\"", "@.|"),
    Context("cat <(printf '%s|' $n.output) <(printf %s '$n.output.')", "@|@."),
    Context("printf '%s|' $n.output > >(cat); wait $!", "@|"),
    Context("cat <<< $n.output", "@\n"),
    Context("cat <<< \"a '$n.output'\"'$n.output'", "a '@'@\n"),
    Context("x=$n.output; printf '%s|' \"$(printf %s \"${x#$n.output}\"'$n.output.')\"", "@.|"),
  ]

  static let hereDocuments: [Context] = [
    Context("cat <<EOF\na $n.output \"b\" '$n.output'\nEOF\n", "a @ \"b\" '@'\n"),
    Context("cat <<EOF\n\\$n.output \\\\$n.output \\`$(printf %s '$n.output.')\nEOF\n", "$n.output \\@ `@.\n"),
    Context("cat <<EOF\n${none:-$n.output}${none:-\"$n.output\"}${none:-'$n.output'}\nEOF\n", "@@'@'\n"),
    Context("cat <<'EOF'\n$n.output `b` $(c) ${d} \\ \\\\ $ \" '\nEOF\n", "@ `b` $(c) ${d} \\ \\\\ $ \" '\n"),
    Context("cat <<\"EOF\"\n$HOME $n.output\\\nEOF\n", "$HOME @\\\n"),
    Context("cat <<\\EOF\n\\$n.output $n.output\nEOF\n", "\\$n.output @\n"),
    Context("cat <<E'O'F\n$n.output`\nEOF\n", "@`\n"),
    Context("cat <<'two words'\n$n.output $x\nION_E\ntwo words\n", "@ $x\nION_E\n"),
    Context("cat <<$'E\\tF'\n$n.output $x\nE\tF\n", "@ $x\n"),
    Context("cat <<''\n$n.output $x\n\n", "@ $x\n"),
    Context("cat <<-EOF\n\t\ta $n.output\n\tEOF\n", "a @\n"),
    Context("cat <<-'EOF'\n\t\ta $n.output $x\n\tEOF\n", "a @ $x\n"),
    Context("cat <<EOF\njoined \\\n$n.output \\\nEOF\nEOF\n", "joined @ EOF\n"),
    Context("cat <<A - <<'B'\n$n.output\nA\n$n.output $x\nB\n", "@ $x\n"),
    Context("cat <<A; cat <<'B'\n$n.output\nA\n$n.output $x\nB\n", "@\n@ $x\n"),
    Context("cat <<EOF | tr a a\n$n.output\nEOF\nprintf '%s|' $n.output", "@\n@|"),
    Context("printf '%s|' \"$(cat <<'EOF'\n$n.output \\$ `\nEOF\nprintf .)\"", "@ \\$ `\n.|"),
    Context("printf '%s|' \"$(cat <<EOF\n$n.output.\nEOF)\"", "@.|"),
    Context("x=`cat <<'EOF'\n$n.output \\$x \\\\\\\\ .\nEOF\n`; printf '%s|' \"$x\"", "@ $x \\\\ .|"),
    Context("cat <<EOF\n`cat <<'A'\n$n.output \\$x.\nA\n`\nEOF\n", "@ $x.\n"),
    Context("cat <<EOF\n$(cat <<'A'\n$n.output $x.\nA\n)\nEOF\n", "@ $x.\n"),
    Context("while read -r x; do printf '%s|' $n.output; break; done <<'EOF'\n1$n.output\nEOF\n", "@|"),
    Context("cat <<'EOF'\n$n.output", "@\n"),
  ]

  enum Group: CaseIterable {
    case words, commands, substitutions, hereDocuments

    var contexts: [Context] {
      switch self {
      case .words: BashContextTests.words
      case .commands: BashContextTests.commands
      case .substitutions: BashContextTests.substitutions
      case .hereDocuments: BashContextTests.hereDocuments
      }
    }
  }

  /// Runs each context with its values.
  private func expectValues(in contexts: [Context], _ values: (Int) -> [String]) async throws {
    let cases = contexts.enumerated().map { index, context in
      BashBench.Case(context.body, values(index).map { ["n": $0] })
    }
    for ((index, context), outcome) in zip(contexts.enumerated(), try await BashBench.run(cases)) {
      #expect(outcome.leftovers.isEmpty, "\(context.body) left \(outcome.leftovers)")
      for (value, output) in zip(values(index), outcome.outputs) {
        let isRight = output.utf8.elementsEqual(context.prints.replacing("@", with: value).utf8)
        #expect(
          isRight,
          """
          \(context.body.debugDescription) with \(value.prefix(80).debugDescription) gave \
          \(output.prefix(80).debugDescription), \(outcome.errors.prefix(200))
          """)
      }
    }
  }

  @Test(arguments: Group.allCases)
  func valuesArriveWholeAndNothingInThemRuns(group: Group) async throws {
    // Each body gets all values in one, and some alone: others than its neighbours, and fewer where it starts programs.
    let share = group == .words ? 4 : 16
    try await expectValues(in: group.contexts) { index in
      [everythingAtOnce] + hostileValues.enumerated().filter { ($0.offset + index) % share == 0 }.map(\.element)
    }
  }

  @Test func aValueFromAFileIsLikeAnyOther() async throws {
    let value = String(repeating: "a 'b' \"c\" $(touch pwned)\n", count: 3000)
    #expect(value.utf8.count > StepValues.valueLimit)
    // Bash's own patterns take time that is quadratic in what they match, and one argument holds no more than 128 KB.
    let contexts = Group.allCases.flatMap(\.contexts).filter { context in
      !["${x", "=~", "case", "bash -c", "N"].contains { context.body.contains($0) }
    }
    #expect(contexts.count > 50)
    try await expectValues(in: contexts) { _ in [value] }
  }
}
