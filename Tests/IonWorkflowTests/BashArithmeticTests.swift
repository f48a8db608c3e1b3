@testable import IonWorkflow
import Testing

/// Where bash computes, and with what.
@Suite struct BashArithmeticTests {
  @Test(arguments: [
    ("0", "0"), ("7", "7"), ("-7", "-7"), ("+7", "7"), ("007", "7"), ("-010", "-10"), ("-0", "0"), (" 42\n", "42"),
    ("\t1\r\n", "1"),
    ("00000000000000000000000000012", "12"), ("9223372036854775807", "9223372036854775807"),
    ("-9223372036854775808", "-9223372036854775808"),
  ])
  func decimalIntegersAreNormalized(text: String, expected: String) {
    #expect(ArithmeticValue.normalized(text) == expected)
  }

  @Test(arguments: [
    "", " ", "-", "+", "--1", "1 2", "1.0", "1e3", "0x10", "16#ff", "x", "1+1", "a[$(touch pwned)]", "$(touch pwned)",
    "1;", "１", "٣",
    "9223372036854775808", "-9223372036854775809", "99999999999999999999", "1\0", "1\u{A0}",
  ])
  func everythingElseIsNot(text: String) {
    #expect(ArithmeticValue.normalized(text) == nil)
  }

  /// Bodies in which every reference must be a number, and what each prints where it is `@` with one added.
  static let bodies: [(body: String, prints: String)] = [
    ("printf '%s|' $(( $n.output + 1 ))", "@|"), ("printf '%s|' $(($n.output+1))", "@|"),
    ("printf '%s|' \"$((1 + (\"$n.output\")))\"", "@|"), ("printf '%s|' $[$n.output + 1]", "@|"),
    ("(( x = $n.output + 1 )); printf '%s|' $x", "@|"), ("let x=$n.output+1; printf '%s|' $x", "@|"),
    ("let \"x = $n.output + 1\" 'y = $n.output'; printf '%s|' $x", "@|"),
    ("builtin let x=$n.output+1; printf '%s|' $x", "@|"),
    ("for ((x = $n.output; x <= $n.output; x++)); do :; done; printf '%s|' $x", "@|"),
    ("printf '%s|' $(( ${none:-$n.output} + 1 ))", "@|"), ("printf '%s|' $(( $(( $n.output )) + 1 ))", "@|"),
    ("cat <<EOF\n$(( $n.output + 1 ))|\nEOF", "@|\n"), ("printf '%s|' `echo $(( $n.output + 1 ))`", "@|"),
    ("declare -i x=$n.output+1; printf '%s|' $x", "@|"), ("declare -i x; x=$n.output+1; printf '%s|' $x", "@|"),
    ("f() { local -i x='$n.output'; printf '%s|' $((x + 1)); }; f", "@|"), ("x=1; x+=$n.output; declare -i x", ""),
    ("declare -ai x=($n.output); printf '%s|' $((x[0] + 1))", "@|"),
    ("[[ $n.output -eq '$n.output' && 9999 -gt \"$n.output\" ]] && printf same", "same"),
    ("[[ !($n.output -ne $n.output || a -ne b) ]] && printf same", "same"),
    ("declare -i x; for x in $n.output 1 \"$n.output\"; do :; done; printf '%s|' $((x + 1))", "@|"),
    ("declare -i x; for x\nin $n.output\ndo printf '%s|' $((x + 1)); done", "@|"),
    ("declare -i x; select x in $n.output; do printf '%s|' $((x + 1)); break; done <<< 1 2>/dev/null", "@|"),
    ("declare -i x; read -r x <<< $n.output; printf '%s|' $((x + 1))", "@|"),
    ("declare -i REPLY; read -r <<< '$n.output'; printf '%s|' $((REPLY + 1))", "@|"),
    ("declare -i x; read y x <<'EOF'\n1 $n.output\nEOF\nprintf '%s|' $((x + 1))", "@|"),
    ("declare -i x; while read -r x; do printf '%s|' $((x + 1)); done <<< $n.output", "@|"),
    ("declare -i x; { read -r x; printf '%s|' $((x + 1)); } <<EOF\n$n.output\nEOF\n", "@|"),
    ("declare -ai x; mapfile -t x <<< $n.output; printf '%s|' $((x[0] + 1))", "@|"),
    ("declare -ai MAPFILE; mapfile -t <<< $n.output; printf '%s|' $((MAPFILE[0] + 1))", "@|"),
    ("declare -i x; printf -v x %s $n.output; printf '%s|' $((x + 1))", "@|"),
    ("declare -i x; : ${x:=$n.output}; printf '%s|' $((x + 1))", "@|"),
    ("declare -i x; : \"${x=$n.output}\"; printf '%s|' $((x + 1))", "@|"),
    ("declare -ai x; : \"${x[2]:=$n.output}\"; printf '%s|' $((x[2] + 1))", "@|"),
    ("[[ -v $n.output || -v x[$n.output] ]]", ""), ("[ -v \"x[$n.output]\" ] || test -v x[$n.output]", ""),
  ]

  /// The same with a value that must be a place in an array or a text.
  static let places: [(body: String, prints: String)] = [
    ("x[$n.output]=a; printf '%s|' ${x[$n.output]} \"${x[$n.output]}\" ${#x[$n.output]}", "a|a|1|"),
    ("x[\"$n.output\"]+=a; printf '%s|' \"${x[\"$n.output\"]}\"", "a|"),
    ("x=([$n.output]=a); printf '%s|' \"${x[@]}\"", "a|"),
    ("time -p x[$n.output]=a; printf '%s|' \"${x[@]}\"", "a|"),
    ("declare x[$n.output]=a; printf '%s|' \"${x[@]}\"", "a|"),
    ("{ if true; then x[$n.output]=a y=b; fi; }; printf '%s|' \"${x[@]}\"", "a|"),
    ("x[$n.output]=a; unset \"x[$n.output]\" 'x[$n.output]'; printf '%s|' ${#x[@]}", "0|"),
    ("read -r -p '' x[$n.output] <<< a; printf '%s|' ${x[@]}", "a|"),
    ("printf -v \"x[$n.output]\" a; printf '%s|' ${x[@]}", "a|"),
    ("x=abcdefghijkl; printf '%s|' ${x:$n.output:1}", "i|"),
    ("x=abcdefghijkl; printf '%s|' \"${x: $n.output:$n.output}\"", "ijkl|"),
    ("exec {x[$n.output]}> /dev/null; printf '%s|' ${#x[@]}", "1|"), ("RANDOM=$n.output; printf '%s|' a", "a|"),
    ("exec 3>&1; coproc N { x[$n.output]=a; printf '%s|' \"${x[@]}\" >&3; }; wait", "a|"),
  ]

  @Test(arguments: bodies + places)
  func onlyIntegersGetThere(body: String, prints: String) throws {
    let rewriting = BashBody.parse(body).body.rewritten()
    #expect(!rewriting.variables.isEmpty)
    let folder = try #require(AbsolutePath("/unused"))
    for value in hostileValues where ArithmeticValue.normalized(value) == nil {
      #expect(throws: StepValueFailure(reference: Reference(.output("n")), reason: .notAnInteger)) {
        _ = try StepValues(rewriting, values: rewriting.variables.map { _ in value }, folder: folder)
      }
    }
  }

  @Test func numbersComeOutRight() async throws {
    let numbers = [("0", 0), ("5", 5), ("-3", -3), ("+8", 8), ("010", 10), (" 9 \n", 9)]
    let cases = Self.bodies.map { BashBench.Case($0.body, numbers.map { ["n": $0.0] }) }
    for (row, outcome) in zip(Self.bodies, try await BashBench.run(cases)) {
      #expect(outcome.leftovers.isEmpty, "\(row.body)")
      for (number, output) in zip(numbers, outcome.outputs) {
        #expect(output == row.prints.replacing("@", with: "\(number.1 + 1)"), "\(row.body): \(outcome.errors)")
      }
    }
  }

  @Test func placesComeOutRight() async throws {
    let cases = Self.places.map { BashBench.Case($0.body, [["n": "08"], ["n": "8"]]) }
    for (row, outcome) in zip(Self.places, try await BashBench.run(cases)) {
      #expect(outcome.leftovers.isEmpty, "\(row.body)")
      for output in outcome.outputs {
        #expect(output == row.prints, "\(row.body): \(outcome.errors)")
      }
    }
  }

  @Test(arguments: [
    "[ $n.output -eq 1 ]", "echo $(( $(echo $n.output) ))", "x[$(echo $n.output)]=1", "echo let $n.output",
    "echo a[$n.output]=",
    "declare -i x; read -r y <<< $n.output", "declare -i x; for y in $n.output; do x=1; done",
    "declare -i x; cat <<< $n.output; read -r x <<< 1", "declare -i x; : ${x:-$n.output} ${y:=$n.output}",
    "for y in 1; do in $n.output; done", "[[ $(echo $n.output) -eq 1 ]]", "declare -a x; y=$n.output",
    "read -p $n.output x", "export \"x=$n.output\"",
    "printf %d $n.output",
    "local x=$n.output", "[[ -n $n.output ]]", "export x=$n.output", "RANDOMLY=$n.output",
  ])
  func valuesThatBashDoesNotComputeMayBeAnyText(body: String) {
    #expect(BashBody.parse(body).body.occurrences.allSatisfy { $0.rule == .anyText })
  }

  @Test(arguments: [
    "declare -a x=$n.output", "declare -A x=$n.output", "local -a x='$n.output'", "readonly -a x=\"$n.output\"",
    "export -a x=$n.output",
    "declare -a x; declare x=$n.output", "x=(1); typeset x=$n.output", "declare x=$n.output; x[1]=2",
    "mapfile x; declare x=$n.output",
    "read -a x; declare \"x=$n.output\"", "typeset -ag x=$y$n.output", "command declare -a x=$n.output",
  ])
  func aDeclarationOfAnArrayTakesNoList(body: String) async throws {
    let rewriting = BashBody.parse(body).body.rewritten()
    #expect(rewriting.variables.map(\.rule) == [.notParenthesized])
    #expect(throws: StepValueFailure(reference: Reference(.output("n")), reason: .parenthesized)) {
      _ = try StepValues(rewriting, values: ["($(touch pwned))"], folder: try #require(AbsolutePath("/unused")))
    }
    let outcome = try await BashBench.run([
      BashBench.Case(body, ["a (b)", "$(touch pwned)", " (touch)"].map { ["n": $0] })
    ])
    #expect(outcome.flatMap(\.leftovers) == [])
  }
}
