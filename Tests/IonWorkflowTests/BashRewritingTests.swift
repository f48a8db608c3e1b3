import IonWorkflow
import Testing

/// What a body becomes.
@Suite struct BashRewritingTests {
  private func text(_ body: String) -> String { BashBody.parse(body).body.rewritten().text }

  @Test(arguments: [
    ("echo $n.output", "echo \"${ION_V0}\""),
    ("echo \"a $n.output\"", "echo \"a ${ION_V0}\""),
    ("echo 'a $n.output'", "echo 'a '\"${ION_V0}\"''"),
    ("echo $'a $n.output'", "echo $'a '\"${ION_V0}\"$''"),
    ("echo `echo \\$n.output`", "echo `echo \"${ION_V0}\"`"),
    ("echo $(( $n.output + 1 ))", "echo $(( ${ION_V0} + 1 ))"),
    ("a[$n.output]=$m.output", "a[${ION_V0}]=\"${ION_V1}\""),
    ("[[ $n.output -eq 1 ]]", "[[ \"${ION_V0}\" -eq 1 ]]"),
    ("cat <<EOF\n$n.output\nEOF", "cat <<EOF\n${ION_V0}\nEOF"),
    ("cat <<'EOF'\n$n.output $x `y` \\\nEOF", "cat <<EOF\n${ION_V0} \\$x \\`y\\` \\\\\nEOF"),
    ("cat <<-\"A\"\n\t$n.output\n\tA\n", "cat <<-A\n\t${ION_V0}\n\tA\n"),
    ("cat <<'a b'\n$n.output EE\na b\n", "cat <<ION_EEE\n${ION_V0} EE\nION_EEE\n"),
    ("cat <<'EOF'\n$x\nEOF", "cat <<'EOF'\n$x\nEOF"),
    ("cat <<'a b'\n$x\na b", "cat <<'a b'\n$x\na b"),
    ("x=`cat <<'A'\n$n.output \\$x $y \\\\\nA\n`", "x=`cat <<A\n${ION_V0} \\\\\\$x \\\\$y \\\\\\\\\nA\n`"),
  ])
  func referencesBecomeVariables(body: String, expected: String) {
    #expect(text(body) == expected)
  }

  @Test func oneReferenceHasOneVariable() {
    let rewriting = BashBody.parse("echo $n.output '$m.output' \"$n.output\" $n.output.a").body.rewritten()
    #expect(rewriting.text == "echo \"${ION_V0}\" ''\"${ION_V1}\"'' \"${ION_V0}\" \"${ION_V2}\"")
    #expect(rewriting.variables.map(\.name) == ["ION_V0", "ION_V1", "ION_V2"])
    #expect(rewriting.variables.map(\.reference.label) == ["n", "m", "n.a"])
  }

  @Test func aNumberHasAVariableOfItsOwn() {
    let rewriting = BashBody.parse("echo $n.output $(( $n.output ))").body.rewritten()
    #expect(rewriting.text == "echo \"${ION_V0}\" $(( ${ION_V1} ))")
    #expect(rewriting.variables.map(\.rule) == [.anyText, .integer])
  }

  @Test func theStrictestRuleHolds() {
    let rewriting = BashBody.parse("echo $n.output; declare -a x=$n.output; echo $n.output").body.rewritten()
    #expect(rewriting.variables.map(\.rule) == [.notParenthesized])
  }

  @Test func namesThatTheBodyUsesAreNotTaken() {
    let rewriting = BashBody.parse("ION_V0=a ION_V__1=b; echo $n.output").body.rewritten()
    #expect(rewriting.variables.map(\.name) == ["ION_V___0"])
    #expect(BashBody.parse("echo $n.output").body.rewritten(variablePrefix: "ION_X").text == "echo \"${ION_X0}\"")
  }

  @Test func linesStayWhereTheyAre() {
    let body = "a=1\ncat <<'x y'\n$n.output\\\nx y\necho $'\\n$n.output' \\\n$n.output\n"
    let lines = text(body).split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.count == body.split(separator: "\n", omittingEmptySubsequences: false).count)
  }
}
