/// Lines that Claude Code 2.1.332 printed, talked with by a scripted model, shortened to what is read of them.
enum ClaudeLines {
  static let greeted =
    #"{"type":"control_response","response":{"subtype":"success","request_id":"ion-greeting","response":{"claude_code_version":"2.1.332"}}}"#
  static let equipped =
    #"{"type":"control_response","response":{"subtype":"success","request_id":"ion-equipping","response":{"added":["toy","bad"],"removed":[],"errors":{"bad":"Connection closed"}}}}"#
  static let began =
    #"{"type":"system","subtype":"init","cwd":"/w","session_id":"s","tools":["Bash"],"mcp_servers":[],"model":"m"}"#

  static let pieces = [
    #"{"type":"stream_event","event":{"type":"message_start","message":{"id":"msg_1","model":"m","content":[],"usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":1}}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":""}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"Let me think."}},"parent_tool_use_id":null}"#,
    #"{"type":"assistant","message":{"id":"msg_1","model":"m","content":[{"type":"thinking","thinking":"Let me think."}],"usage":{"input_tokens":10,"output_tokens":1}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"Hello "}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"there."}},"parent_tool_use_id":null}"#,
    #"{"type":"assistant","message":{"id":"msg_1","model":"m","content":[{"type":"text","text":"Hello there."}],"usage":{"input_tokens":10,"output_tokens":1}},"parent_tool_use_id":null}"#,
    #"{"type":"stream_event","event":{"type":"message_delta","delta":{"stop_reason":"end_turn"},"usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":5}},"parent_tool_use_id":null}"#,
  ]

  static func said(_ text: String, id: String = "msg_2", parent: String? = nil) -> String {
    let parent = parent.map { "\"\($0)\"" } ?? "null"
    return
      #"{"type":"assistant","message":{"id":"\#(id)","model":"m","content":[{"type":"text","text":"\#(text)"}],"usage":{"input_tokens":7,"output_tokens":3}},"parent_tool_use_id":\#(parent)}"#
  }

  static func used(_ name: String, _ input: String, id: String = "toolu_1", parent: String? = nil) -> String {
    let parent = parent.map { "\"\($0)\"" } ?? "null"
    return
      #"{"type":"assistant","message":{"id":"msg_3","model":"m","content":[{"type":"tool_use","id":"\#(id)","name":"\#(name)","input":\#(input)}],"usage":{"input_tokens":7,"output_tokens":3}},"parent_tool_use_id":\#(parent)}"#
  }

  static func came(_ content: String, _ more: String = "", id: String = "toolu_1") -> String {
    #"{"type":"user","message":{"role":"user","content":[{"tool_use_id":"\#(id)","type":"tool_result","content":\#(content)\#(more)}]},"parent_tool_use_id":null"#
  }

  static let asked =
    #"{"type":"control_request","request_id":"p1","request":{"subtype":"can_use_tool","tool_name":"Edit","input":{"file_path":"/w/a.txt","old_string":"two\n","new_string":"three\n"},"permission_suggestions":[{"type":"setMode","mode":"acceptEdits","destination":"localSettings"}],"tool_use_id":"toolu_1"}}"#
  static let withdrawn = #"{"type":"control_cancel_request","request_id":"p1"}"#

  static let answered =
    #"{"type":"result","subtype":"success","is_error":false,"result":"Hello there.","stop_reason":"end_turn","session_id":"s","total_cost_usd":9.5,"usage":{"input_tokens":10,"output_tokens":5},"model_usage_since_last_result":{"m":{"inputTokens":10,"outputTokens":5,"cacheReadInputTokens":90,"cacheCreationInputTokens":0,"costUSD":0.25},"n":{"inputTokens":1,"outputTokens":1,"costUSD":0.25}}}"#
  static let answeredByOlder =
    #"{"type":"result","subtype":"success","is_error":false,"result":"Hello there.","session_id":"s","total_cost_usd":0.5,"usage":{"input_tokens":10,"cache_read_input_tokens":90,"output_tokens":5}}"#
  static let idle = #"{"type":"system","subtype":"session_state_changed","state":"idle","sdk_host_only":true}"#
  static let running = #"{"type":"system","subtype":"session_state_changed","state":"running","sdk_host_only":true}"#
  static let lost =
    #"{"type":"result","subtype":"error_during_execution","is_error":true,"num_turns":0,"errors":["No conversation found with session ID: s0"],"session_id":"s0"}"#

  static func retried(_ attempt: Int) -> String {
    #"{"type":"system","subtype":"api_retry","attempt":\#(attempt),"max_retries":10,"retry_delay_ms":518,"error_status":401,"error":"authentication_failed"}"#
  }

  /// What came before an answer that failed.
  static func fault(_ code: String) -> String {
    #"{"type":"assistant","message":{"id":"x","model":"<synthetic>","content":[{"type":"text","text":"No."}],"usage":{"input_tokens":0,"output_tokens":0}},"parent_tool_use_id":null,"error":"\#(code)","is_api_error_message":true}"#
  }

  static func failed(_ more: String, subtype: String = "success") -> String {
    #"{"type":"result","subtype":"\#(subtype)","is_error":true,"result":"No.","total_cost_usd":0,\#(more)}"#
  }

  static let limits =
    #"{"type":"rate_limit_event","rate_limit_info":{"status":"rejected","resetsAt":1900000000,"rateLimitType":"five_hour"}}"#
}
