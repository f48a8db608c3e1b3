import IonWorkflow
import Testing

/// Which commands are known to read a value as code.
@Suite struct BashReparsingTests {
  private func warnings(_ body: String) -> [TextFault] {
    BashBody.parse(body).faults.filter { $0.code == "reparsedText" && $0.severity == .warning }
  }

  @Test(arguments: [
    "eval echo $n.output", "eval \"echo '$n.output'\"", "x=1 builtin eval $n.output", "if eval $n.output; then :; fi",
    "trap 'rm $n.output' EXIT", "alias l=$n.output", "compgen -W $n.output", "bash -c \"echo $n.output\"",
    "bash -c $n.output x",
    "/usr/bin/env bash -lc 'echo $n.output'", "sh -e -c $n.output", "bash -o pipefail -c $n.output",
    "sudo -u me sh -c $n.output",
    "docker exec -it box sh -c \"ls $n.output\"", "xargs -I{} sh -c 'echo $n.output {}'",
    "find . -exec sh -c \"$n.output\" ';'",
    "ssh host ls $n.output", "ssh -p 22 me@host \"ls $n.output\"", "awk '/$n.output/'",
    "awk -F , -v x=1 \"$n.output\" file",
    "gawk -e $n.output", "sed s/a/$n.output/", "sed -n -e p -e \"s/$n.output//\" f", "jq \".[\\\"$n.output\\\"]\"",
    "jq --arg a b \".$n.output\"", "python -c \"print('$n.output')\"", "python3 -u -c $n.output",
    "perl -ne 'print $n.output'",
    "node -e $n.output", "node --eval \"$n.output\"", "ruby -e $n.output", "php -r $n.output",
    "psql -c \"select '$n.output'\"",
    "bash <<EOF\necho $n.output\nEOF", "ssh host <<EOF\nls $n.output\nEOF", "sudo bash -s <<'EOF'\nls $n.output\nEOF",
    "python3 - <<EOF\nprint('$n.output')\nEOF", "bash <<< $n.output", "cat <<A | sh <<B\nx\nA\n$n.output\nB\n",
    "PS4=$n.output", "export BASH_ENV=$n.output", "unset $n.output", "read $n.output", "printf -v $n.output x",
    "declare $n.output=1",
    "declare -n x=$n.output", "declare -n x; x=$n.output", "f() { local -n x; read -r x <<< $n.output; }",
    "declare -n x=y; for x in a $n.output; do :; done", "declare -a \"x=($n.output)\"", "mapfile -C $n.output x",
    "(cd x && eval $n.output)",
    "`eval $n.output`",
    "x=$(eval \"$n.output\")", "nohup timeout 5 eval $n.output", "env A=b awk $n.output",
  ])
  func whatReadsCodeIsWarnedOf(body: String) throws {
    let found = warnings(body)
    #expect(found.count == 1)
    let range = try #require(found.first?.range)
    #expect(String(decoding: Array(body.utf8)[range], as: UTF8.self) == "$n.output")
  }

  @Test(arguments: [
    "echo eval $n.output", "bash -c 'echo \"$1\"' bash $n.output", "bash script.sh -c $n.output",
    "trap - EXIT; echo $n.output",
    "ssh $n.output ls", "ssh -i $n.output host ls", "awk -v x=$n.output '{ print x }' $n.output",
    "awk -f prog $n.output",
    "sed -i s/a/b/ $n.output", "sed -e p $n.output", "jq --arg a $n.output '.[$a]'", "jq -r .a $n.output",
    "python3 script.py $n.output",
    "python3 -c 'import sys' $n.output", "python3 script.py <<EOF\n$n.output\nEOF", "cat <<EOF\n$n.output\nEOF",
    "grep -c $n.output f",
    "bash script <<< $n.output", "ssh host cat <<EOF\n$n.output\nEOF", "git commit -m \"$n.output\"",
    "# eval $n.output",
    "eval \"$(tool $n.output)\"", "read x <<< $n.output", "printf %s -v $n.output", "declare x=$n.output",
    "local -n x=$1; x=$n.output", "declare -n x=y; for z in $n.output; do :; done",
    "unset \"x[$n.output]\"",
  ])
  func whatIsReadAsTextIsNot(body: String) {
    #expect(warnings(body).isEmpty)
  }
}
