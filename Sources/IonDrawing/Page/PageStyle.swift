/// What the report's page looks like, beside its figures.
enum PageStyle {
  /// The page's one style sheet, whole.
  static let text = """

    :root{color-scheme:light;\(FigureStyle.light)}
    @media(prefers-color-scheme:dark){:root:not([data-theme=light]){color-scheme:dark;\(FigureStyle.dark)}}
    :root[data-theme=dark]{color-scheme:dark;\(FigureStyle.dark)}
    \(FigureStyle.rules)
    \(page)
    \(nodes)
    \(details)
    \(print)

    """

  private static let page = """
    *{box-sizing:border-box}
    html{scroll-padding-top:72px}
    body{margin:0;background:var(--bg);color:var(--ink);
    font:14px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","DejaVu Sans",sans-serif}
    a{color:var(--accent)}
    code,pre,.id{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;font-size:12.5px}
    .skip{position:absolute;left:-999px}
    .skip:focus{left:12px;top:8px;z-index:9;background:var(--panel);padding:6px 10px;border-radius:6px}
    .defs{position:absolute}
    header,main,footer{max-width:1480px;margin:0 auto;padding:0 28px}
    header{padding-top:26px}
    .title{display:flex;align-items:center;gap:14px}
    .title svg{flex:none;width:34px;height:34px}
    .title>div{flex:1;min-width:0}
    h1{margin:0;font-size:22px;line-height:1.25;overflow-wrap:anywhere}
    h2{margin:0;font-size:15px}
    .state{margin:2px 0 0;color:var(--muted)}
    .facts{display:flex;flex-wrap:wrap;gap:10px 30px;margin:18px 0 0}
    .facts div{min-width:0;max-width:100%}
    dt{color:var(--muted);font-size:12px}
    dd{margin:0;overflow-wrap:anywhere}
    .error{margin:16px 0 0;padding:10px 14px;border:1px solid var(--failed);border-left-width:5px;border-radius:8px;
    background:var(--failed-fill);white-space:pre-wrap;overflow-wrap:anywhere;max-height:14em;overflow:auto}
    .error.cancelled,.error.interrupted{border-color:currentColor;background:var(--fill)}
    .error span{color:var(--ink)}
    .tools{position:sticky;top:0;z-index:3;display:flex;flex-wrap:wrap;gap:8px;align-items:center;
    padding:12px 0;margin-top:14px;background:var(--bg)}
    .tools [role=group]{display:flex;flex-wrap:wrap;gap:8px}
    input[type=search]{font:inherit;color:inherit;background:var(--panel);border:1px solid var(--edge);border-radius:8px;
    padding:5px 10px;width:230px;max-width:100%}
    input::placeholder{color:var(--muted);opacity:1}
    button{font:inherit;color:var(--ink);background:var(--panel);border:1px solid var(--edge);border-radius:8px;
    padding:5px 11px;cursor:pointer}
    button:hover{border-color:var(--accent)}
    .chip{display:inline-flex;align-items:center;gap:7px;padding:4px 11px 4px 8px;border-radius:99px;background:var(--fill);
    border-color:currentColor}
    .chip svg{width:15px;height:15px;flex:none}
    .chip b{font-weight:600}
    .chip span{color:var(--ink)}
    .chip[aria-pressed=true]{box-shadow:0 0 0 2px currentColor}
    .count{color:var(--muted)}
    :focus-visible{outline:2.5px solid var(--accent);outline-offset:2px;border-radius:6px}
    .card{background:var(--panel);border:1px solid var(--line);border-radius:12px;margin:0 0 20px;overflow:hidden}
    .card>.head{display:flex;align-items:center;gap:8px;padding:12px 18px;border-bottom:1px solid var(--line);fill:none}
    .card>.head h2{flex:1}
    .card>.head button{padding:2px 10px;min-width:34px}
    .scroll{overflow:auto;padding:18px;max-height:74vh}
    .scroll>svg{display:block}
    #timeline svg{width:100%;min-width:1000px;height:auto}
    .empty{padding:18px;margin:0;color:var(--muted)}
    footer{color:var(--muted);padding-bottom:34px;display:flex;flex-wrap:wrap;gap:6px 22px}
    kbd{font:12px ui-monospace,Menlo,"DejaVu Sans Mono",monospace;border:1px solid var(--edge);border-radius:5px;padding:0 5px;
    background:var(--panel);color:var(--ink)}
    html:not(.js) .tools,html:not(.js) .zoom,html:not(.js) .theme,html:not(.js) .keys{display:none}
    @media(max-width:640px){header,main,footer{padding-left:14px;padding-right:14px}
    .tools{position:static}input[type=search]{width:100%}.keys{display:none}}
    """

  private static let nodes = """
    a.node{text-decoration:none;cursor:pointer;outline:none}
    a.node:focus-visible .box,a.node.open .box{stroke:var(--accent);stroke-width:3.2;stroke-dasharray:none}
    a.node:hover .box{stroke-width:2.4}
    .bar{cursor:pointer}
    .off{opacity:.22}
    table{border-collapse:collapse;width:100%}
    th,td{text-align:left;padding:7px 12px;border-bottom:1px solid var(--line);vertical-align:top}
    th{color:var(--muted);font-weight:500;font-size:12px;white-space:nowrap}
    tbody tr:last-child td{border-bottom:0}
    th:first-child,td:first-child{padding-left:18px}
    td.status{white-space:nowrap}
    td.status svg,.detail h3 svg{width:15px;height:15px;vertical-align:-2.5px;margin-right:7px}
    .detail h3 svg{width:18px;height:18px;vertical-align:-3px}
    td.status span{color:var(--ink)}
    .number{white-space:nowrap;font-variant-numeric:tabular-nums}
    td.why{color:var(--muted);overflow-wrap:anywhere;min-width:170px}
    #nodes td:first-child{min-width:130px}
    td .id{overflow-wrap:anywhere;text-decoration:none}
    td .id:hover{text-decoration:underline}
    .card>.rows{overflow-x:auto}
    html.js #nodes tbody tr{cursor:pointer}
    html.js #nodes tbody tr:hover{background:var(--bg)}
    @media(max-width:640px){.optional{display:none}}
    """

  private static let details = """
    .detail{color:var(--ink);padding:16px 18px 20px;border-bottom:1px solid var(--line);content-visibility:auto;
    contain-intrinsic-size:auto 240px}
    .detail:last-child{border-bottom:0}
    .detail{scroll-margin-top:80px}
    .detail:focus{outline:none}
    .detail h3{margin:0;font-size:17px;overflow-wrap:anywhere}
    .detail h3 .mark,.detail .word{color:var(--status)}
    .detail h4{margin:18px 0 6px;font-size:12px;font-weight:500;color:var(--muted)}
    .detail p{margin:6px 0 0;overflow-wrap:anywhere}
    .detail .facts{gap:8px 26px;margin-top:12px}
    .detail ul{margin:0;padding-left:18px}
    .detail li{overflow-wrap:anywhere}
    .detail .error{margin-top:12px;max-height:22em}
    .detail table{font-size:13px}
    .detail th,.detail td,.detail th:first-child,.detail td:first-child{padding:4px 14px 4px 0;border-bottom:0}
    pre{margin:0;padding:12px 14px;background:var(--bg);border:1px solid var(--line);border-radius:8px;white-space:pre-wrap;
    overflow-wrap:anywhere;max-height:30em;overflow:auto;line-height:1.45}
    .close{display:none}
    html.js #details{display:none}
    html.js #details.shown{display:block;position:fixed;z-index:5;top:0;right:0;bottom:0;width:min(500px,100vw);margin:0;
    border-radius:12px 0 0 12px;overflow:auto;overscroll-behavior:contain;box-shadow:0 0 44px rgb(0 0 0/.28)}
    html.js #details .head{position:sticky;top:0;background:var(--panel)}
    html.js .detail{display:none;border-bottom:0;content-visibility:visible}
    html.js .detail.open{display:block}
    html.js .close{display:inline-block}
    @media(min-width:1100px){html.js body.split{padding-right:500px}}
    @media(max-width:640px){html.js #details.shown{top:auto;width:100vw;height:76vh;border-radius:14px 14px 0 0}}
    """
    + StatusLook.allCases.map { "\n.detail.\($0.rawValue){--status:var(--\($0.rawValue))}" }.joined()

  private static let print = """
    @media print{:root,:root[data-theme]{color-scheme:light;\(FigureStyle.light)}
    body,html.js body.split{background:#fff;padding:0;font-size:11px}
    .tools,.zoom,.theme,.keys,.skip,html.js .close{display:none!important}
    header,main,footer{max-width:none;padding:0}
    .card{border-color:#bbb;overflow:visible;box-shadow:none!important}
    .scroll{overflow:visible;max-height:none;padding:10px}
    .scroll>svg,#timeline svg{min-width:0;max-width:100%;height:auto}
    html.js #details,html.js #details.shown{display:block;position:static;width:auto;overflow:visible}
    .detail,html.js .detail{display:block;break-inside:avoid-page;content-visibility:visible}
    pre,.error,.detail .error{max-height:none;overflow:visible}
    tr{break-inside:avoid}.off{opacity:1}}
    """
}
