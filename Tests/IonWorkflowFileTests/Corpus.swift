import IonTestSupport
/// Files that are right, whatever they use of the language.
enum Corpus {
  static let valid: [MarkedText] = [
    MarkedText("the smallest", "name: a\nnodes:\n  - id: a\n    bash: echo\n"),
    MarkedText("every key that is acted on", ReadingTests.file),
    MarkedText("as JSON", #"{"name": "a", "nodes": [{"id": "a", "exec": ["echo", "hi"], "timeout": "90s"}]}"#),
    MarkedText("keys that aren't acted on", notActedOn),
    MarkedText("agents", agents),
    MarkedText("loops", loops),
    MarkedText("gates", gates),
    MarkedText("children", children),
    MarkedText("styles", styles),
    MarkedText("nothing where nothing may stand", empty),
  ]

  private static let notActedOn = """
    name: a
    provider: claude
    model: big
    effort: high
    returns: judge
    outcome_field: good
    secrets: [TOKEN]
    interactive: true
    worktree: {enabled: true}
    evidence_policy: {required: true}
    persist_sessions: true
    requires: [github, jq]
    budget: {usd: 1.5, tokens: 1000}
    on_success: [{id: good, bash: echo $judge.output}]
    on_failure: [{id: f, bash: echo}]
    on_exit: [{id: end, bash: echo}]
    ⟨notActedOn|resources⟩: {cpu: 2}
    ⟨notActedOn|webSearchMode⟩: live
    runner: local
    nodes:
      - id: judge
        prompt: Is it good?
        output_format:
          type: object
          properties: {good: {type: boolean}}
          required: [good]
      - id: each
        bash: echo $MATRIX.os
        cache: {inputs: ["*.c"], key: k}
        matrix: {os: [linux, macos]}
        effects: idempotent
        ⟨notActedOn|problem_matcher⟩: gcc
      - id: once
        bash: echo
        ⟨notActedOn|effects⟩: once
        ⟨notActedOn|container⟩: debian
    """

  private static let agents = """
    name: a
    nodes:
      - id: ask
        prompt: Look at $ARGUMENTS.
        provider: claude
        model: big
        effort: low
        context: fresh
        systemPrompt: Be brief.
        allowed_tools: [Read]
        denied_tools: [Write]
        mcp: servers.json
        skills: [a]
        agents: {b: {prompt: x}}
        hooks: {}
        maxBudgetUsd: 0.5
        fallbackModel: small
        thinking: adaptive
        settingSources: [user]
        betas: [b]
        sandbox: true
        persist_session: false
      - id: go-on
        command: review
        depends_on: [ask]
        context: {resume: ask}
        mcp: {s: {command: x}}
        when: $ask.status == 'succeeded'
    """

  private static let loops = """
    name: a
    nodes:
      - id: fix
        loop:
          prompt: Fix it. $LOOP_PREV_OUTPUT
          until: DONE
          until_bash: test -n "$fix.output"
          max_iterations: 5
          fresh_context: true
          interactive: true
          gate_message: Go on?
          signal_completes: true
      - id: start
        bash: echo
      - id: round
        depends_on: [start]
        loop_group:
          max_iterations: 3
          until_bash: grep -q ok <<< $test.output
          nodes:
            - id: edit
              prompt: Edit. Before, $LOOP_PREV.test.output. From $start.output
            - id: test
              bash: make test
              depends_on: [edit]
      - id: end
        bash: echo $round.output
        depends_on: [round]
    """

  private static let gates = """
    name: a
    nodes:
      - id: gate
        approval:
          message: Ship $ARGUMENTS?
          decisions: [{id: approve, label: Ship it}, {id: ask-again}]
          form: {reason: {type: string, required: true}}
          timeout: 2h
          default: ask-again
      - id: other
        approval:
          message: Well?
          capture_response: true
          on_reject: {prompt: Do better. $REJECTION_REASON, max_attempts: 2}
    """

  private static let children = """
    name: a
    nodes:
      - id: list
        bash: echo '[1, 2]'
      - id: each
        workflow: other
        depends_on: [list]
        isolation: worktree
        fan_out: {items: $list.output, as: item, max_parallel: 2, join: all_success}
      - id: fixed
        workflow: other
        input: Do $list.output
        depends_on: [list]
        fan_out: {items: [1, b], as: item}
      - id: inside
        ⟨notRunnable|include⟩: more
        with: {x: 1}
    """

  private static let styles = """
    %YAML 1.2
    ---
    # A comment.
    name: 'it''s'   # Another.
    description: >-
      folded
      text

      with a gap
    "nodes":
    - id: a
      bash: |2+
          echo  indented

    - id: "b"
      depends_on:
      - a
      finish: "one\\
        two \\u00e9\\t
        three"
    - {id: c, finish: plain
        over lines, ⟨misplacedKey|env⟩: {A: !!str 1, B: &b x, C: *b}}
    ...
    """

  private static let empty = """
    name: a
    tags:
    inputs:
    env:
    nodes:
      - id: a
        bash: echo
        depends_on:
        with:
        artifacts:
    """
}
