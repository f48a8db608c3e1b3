@testable import IonWorkflow
import Testing

/// What the lexer finds in a body, without running it.
@Suite struct BashBodyTests {
  /// The positions of a body's references, in order.
  private func positions(_ body: String) -> [BashBody.Position] {
    BashBody.parse(body).body.occurrences.map(\.position)
  }

  private func codes(_ body: String) -> [String] { BashBody.parse(body).faults.map(\.code) }

  @Test func everyDottedFormIsFound() {
    let body = BashBody.parse(
      "echo $plan.output $plan.output.a[\"odd key\"][2] $plan.status $INPUTS.x $MATRIX.os $LOOP_PREV.try.output.b"
    ).body
    #expect(
      body.occurrences.map(\.reference.label)
        == ["plan", "plan.a.odd key[2]", "plan.status", ".x", "*os", "try.b"])
  }

  @Test func aRangeCoversTheReferenceInBytes() throws {
    let text = "echo 'é' \"$plan.output\""
    let range = try #require(BashBody.parse(text).body.occurrences.first?.range)
    #expect(String(decoding: Array(text.utf8)[range], as: UTF8.self) == "$plan.output")
    #expect(BashBody.parse(text).body.references == [PlacedReference(Reference(.output("plan")), range: range)])
  }

  @Test func aRangeInsideBackquotesIsTheBodys() throws {
    let text = "echo `echo \\`echo \\\\\\$n.output\\` $n.output`"
    let parts = BashBody.parse(text).body.occurrences.map {
      String(decoding: Array(text.utf8)[$0.range], as: UTF8.self)
    }
    #expect(parts == ["\\\\\\$n.output", "$n.output"])
  }

  @Test(arguments: [
    "echo \\$n.output", "echo '\\$n.output'", "echo \"\\$n.output\"", "echo ${n}.output", "echo $n .output",
    "echo $$n.output",
    "echo $n.other $n", "echo $ARTIFACTS_DIR/x", "echo # $n.output", "# it's $n.output", "a=( # $n.output\n)",
    "echo $1.output",
    "cat <<'EOF'\n\\$n.output\nEOF", "[[ a == a # $n.output\n]]", "case a in # $n.output\na) ;; esac",
    "$(( 1 # \\$n.output\n))",
    "echo $\\\nn.output", "${n.output}", "echo $INPUTS", "echo $LOOP_PREV_OUTPUT", "cat <<$n.output\n\n$n.output",
  ])
  func whatIsNoReferenceStays(body: String) {
    let parsed = BashBody.parse(body).body
    #expect(parsed.occurrences.isEmpty)
    #expect(parsed.rewritten() == BashRewriting(text: body, variables: []))
  }

  @Test(arguments: [
    ("a$n.output", [BashBody.Position.bare]),
    (
      "\"$n.output\" '$n.output' $'$n.output' $\"$n.output\"",
      [.doubleQuoted, .singleQuoted, .dollarQuoted, .doubleQuoted]
    ),
    ("$(echo '$n.output' \"$(echo $n.output)\")", [.singleQuoted, .bare]),
    ("`echo '$n.output'` \"`echo \"$n.output\" $n.output`\"", [.singleQuoted, .doubleQuoted, .bare]),
    ("cat <(echo $n.output) \"<(echo $n.output)\"", [.bare, .doubleQuoted]),
    ("${x:-$n.output} \"${x:-$n.output}\" \"${x:-'$n.output'}\"", [.bare, .doubleQuoted, .doubleQuoted]),
    ("\"${x#$n.output}${x#'$n.output'}${x/\"$n.output\"/$n.output}\"", [.bare, .singleQuoted, .doubleQuoted, .bare]),
    ("${x:$n.output:1} \"${x: $n.output}\" ${a[$n.output]}", [.arithmetic, .arithmetic, .arithmetic]),
    ("$(( $n.output )) $[$n.output] \"$(( \"$n.output\" ))\"", [.arithmetic, .arithmetic, .arithmetic]),
    ("$(( $(echo $n.output) ))", [.bare]),
    ("(( $n.output )); ((echo $n.output); echo)", [.arithmetic, .bare]),
    ("for ((i = $n.output; i < $n.output; i++)) do echo $n.output; done", [.arithmetic, .arithmetic, .bare]),
    ("a[$n.output]=$n.output; a[$n.output]; echo a[$n.output]", [.arithmetic, .bare, .bare, .bare]),
    ("a=([$n.output]=$n.output [$n.output])", [.arithmetic, .bare, .bare]),
    ("cat <<A <<'B'\n$n.output\nA\n$n.output\nB\n", [.doubleQuoted, .quotedHereDocument]),
    ("cat <<< $n.output", [.bare]),
    ("echo a#$n.output ''#$n.output", [.bare, .bare]),
    ("echo $(case x in (a) echo ')' ;; b) echo $n.output;; esac) '$n.output'", [.bare, .singleQuoted]),
    ("echo $(# it's )\necho '$n.output') $n.output", [.singleQuoted, .bare]),
    ("[[ a =~ ( $n.output ) && b == @( $n.output|'$n.output') ]]", [.bare, .bare, .singleQuoted]),
    ("echo \\\\$n.output \"\\\\$n.output\" '\\\\$n.output'", [.bare, .doubleQuoted, .singleQuoted]),
  ])
  func positionsFollowBashsQuoting(body: String, expected: [BashBody.Position]) {
    #expect(positions(body) == expected)
  }

  @Test(arguments: [
    "echo \"$n.output", "echo '$n.output", "echo $'$n.output", "echo `echo $n.output", "echo $(echo $n.output",
    "echo ${x:-$n.output", "cat <<EOF\n$(echo $n.output\nEOF\n", "a=($n.output", "echo $(( $n.output ) \"",
  ])
  func aReferenceThatIsNotClosedInIsAnError(body: String) {
    #expect(BashBody.parse(body).faults.filter { $0.severity == .error }.map(\.code) == ["unterminatedQuote"])
  }

  @Test(arguments: [
    "echo 'a; $n.outputs", "echo \"a", "echo $n.output; echo 'a", "echo $n.output $(", "if $n.output", ")", "esac;;",
  ])
  func otherMistakesAreLeftToBash(body: String) {
    #expect(BashBody.parse(body).faults.allSatisfy { $0.severity == .warning })
  }

  @Test func aBodyWithANULIsAnError() {
    #expect(codes("echo \0 $n.output") == ["nul"])
  }

  @Test func nestingIsBounded() {
    let depth = 70
    let open = String(repeating: "$(echo ", count: depth)
    let close = String(repeating: ")", count: depth)
    #expect(codes("echo \(open)$n.output\(close)") == ["nestedTooDeeply"])
    #expect(codes("echo \(open)x\(close) $n.output") == ["nestedTooDeeply"])
    #expect(codes("echo $n.output \(open)x\(close)") == [])
  }

  @Test func aReferenceInADelimiterIsTold() {
    #expect(codes("cat <<$n.output\nx\n$n.output\n") == ["unreadReference"])
  }

  @Test func theScannersFaultsArePassedOn() {
    #expect(codes("echo \"$n.output[-1]\"") == ["badPath"])
    #expect(codes("echo $n.ouput # $n.ouput") == ["looksLikeReference"])
    #expect(BashBody.parse("x=`echo \\$n.output[-1]`").faults.map(\.range) == [18..<22])
  }
}
