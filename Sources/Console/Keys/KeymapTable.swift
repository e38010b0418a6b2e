/// The tables. Nothing that destroys is on a control key or a small letter; a character is bound
/// as it is produced, because keyboards differ in how.
extension Keymap {
    static let acting: [Binding] = [
        Binding(
            .cancel,
            "C",
            in: [.jobs, .detail],
            "cancel the job: stop at the next step",
            hint: "cancel"
        ),
        Binding(
            .abort,
            "A",
            in: [.jobs, .detail],
            "abort the job: interrupt its step now",
            hint: "abort"
        ),
        Binding(
            .retry,
            "R",
            in: [.jobs, .detail],
            "retry: a new job that does the same",
            hint: "retry"
        ),
        Binding(.acknowledge, "a", in: [.jobs, .detail], "acknowledge: you know of the trouble"),
        Binding(.actions, "x F9", in: .panes, "menu of all actions", hint: "actions"),
        Binding(.actions, "a", in: [.vms, .hosts], "menu of all actions"),
        Binding(.copyMenu, "c", in: .panes, "copy the number, the name, the row or a command"),
        Binding(.commandLine, ": Ctrl-p", in: .panes, "command line", hint: "command"),
        Binding(.help, "? F1", in: .panes, "this help", hint: "help"),
        Binding(.redraw, "Ctrl-l", in: .scrolling, "draw everything anew"),
        Binding(.suspend, "Ctrl-z", in: .scrolling, "pause the program; fg goes on"),
        Binding(.leave, "q", in: .panes, "back, and at last leave", hint: "quit"),
        Binding(
            .quit,
            "Q F10 Ctrl-c",
            in: .panes,
            "leave; asks what becomes of unfinished jobs"
        ),
        Binding(.quit, "Ctrl-c", in: [.menu, .dialog, .help], "leave"),
    ]

    static let moving: [Binding] = [
        Binding(
            .open,
            "Enter",
            in: .lists,
            "open: a job's details, the jobs of a VM or host",
            hint: "open"
        ),
        Binding(.down, "j Down", in: .scrolling.union([.dialog]), "down"),
        Binding(.up, "k Up", in: .scrolling.union([.dialog]), "up"),
        Binding(.halfDown, "Ctrl-d", in: .scrolling, "half a page down"),
        Binding(.halfUp, "Ctrl-u", in: .scrolling, "half a page up"),
        Binding(.pageDown, "PgDn Ctrl-f", in: .scrolling, "a page down"),
        Binding(.pageUp, "PgUp Ctrl-b", in: .scrolling, "a page up"),
        Binding(.top, "g Home", in: .scrolling, "to the top"),
        Binding(.bottom, "G End", in: .scrolling, "to the bottom"),
        Binding(.back, "Esc", in: .panes, "back by one level; never leaves"),
        Binding(.nextPane, "Tab", in: .lists, "next pane"),
        Binding(.nextPane, "Tab", in: [.detail], "next pane", hint: "pane"),
        Binding(.previousPane, "Shift-Tab", in: .panes, "previous pane"),
        Binding(.zoom, "O", in: .panes, "give the detail pane all the room, or take it back"),
    ]

    static let looking: [Binding] = [
        Binding(.viewJobs, "1", in: .panes, "jobs"),
        Binding(.viewVMs, "2", in: .panes, "VMs"),
        Binding(.viewHosts, "3", in: .panes, "hosts and their lanes"),
        Binding(.viewLocks, "4", in: .panes, "locks: who holds them and who waits"),
        Binding(.tree, "t F5", in: [.jobs], "trees of jobs, or a flat list", hint: "tree"),
        Binding(.fold, "h Left -", in: [.jobs], "fold the job's children, or go to its parent"),
        Binding(.unfold, "l Right +", in: [.jobs], "unfold the job's children"),
        Binding(.unfoldAll, "*", in: [.jobs], "unfold everything"),
        Binding(.parent, "p", in: [.jobs, .detail], "go to the parent job"),
        Binding(.previousTab, "h Left [", in: [.detail], "previous tab"),
        Binding(.nextTab, "l Right ]", in: [.detail], "next tab", hint: "tab"),
        Binding(.overview, "d", in: [.jobs, .detail], "overview: what it does or why it waits"),
        Binding(.steps, "S", in: [.jobs, .detail], "its steps and their undo"),
        Binding(.log, "L", in: [.jobs, .detail], "its log", hint: "log"),
        Binding(.family, "T", in: [.jobs, .detail], "its whole tree"),
        Binding(.journal, "i", in: [.jobs, .detail], "its journal: every move, with who and why"),
        Binding(.result, "y", in: [.jobs, .detail], "its result"),
        Binding(.follow, "F", in: [.detail], "follow the end of the log", hint: "follow"),
        Binding(.level, "v", in: [.detail], "least level of the log that is shown", hint: "level"),
        Binding(.wrap, "\\", in: [.detail], "wrap long lines, or cut them"),
    ]

    static let finding: [Binding] = [
        Binding(.filter, "/ F3 F4", in: .lists, "filter while typing", hint: "filter"),
        Binding(.onlyTrouble, "!", in: [.jobs], "only failed and stuck jobs", hint: "trouble"),
        Binding(.search, "/ F3", in: [.detail, .help], "search", hint: "search"),
        Binding(.nextMatch, "n", in: [.detail], "next match"),
        Binding(.previousMatch, "N", in: [.detail], "previous match"),
        Binding(.nextError, "e", in: [.detail], "next error in the log"),
        Binding(.previousError, "E", in: [.detail], "previous error in the log"),
        Binding(.sortNext, ">", in: [.jobs], "sort by the next order"),
        Binding(.sortPrevious, "<", in: [.jobs], "sort by the previous order"),
        Binding(.sortMenu, "s F6", in: [.jobs], "choose the order", hint: "sort"),
        Binding(.sortInvert, "I", in: [.jobs], "turn the order round"),
    ]

    static let dialogs: [Binding] = [
        Binding(.choose, "Enter", in: [.menu], "choose", hint: "choose"),
        Binding(.dismiss, "Esc q", in: [.menu], "close", hint: "close"),
        Binding(.dismiss, "Esc q ?", in: [.help], "close", hint: "close"),
        Binding(.confirm, "y", in: [.dialog], "yes, do it", hint: "yes"),
        Binding(.refuse, "n Esc q", in: [.dialog], "no, leave it", hint: "no"),
        Binding(.editReason, "r Tab", in: [.dialog], "give a reason", hint: "reason"),
        Binding(.lookAgain, "u", in: [.dialog], "look at the job again", hint: "look again"),
        Binding(
            .leaveRunning,
            "l Ctrl-c",
            in: [.quitDialog],
            "leave them running",
            hint: "leave running"
        ),
        Binding(.cancelMine, "m", in: [.quitDialog], "cancel mine and leave", hint: "cancel mine"),
        Binding(.dismiss, "s n Esc q", in: [.quitDialog], "stay", hint: "stay"),
    ]

    static let typing: [Binding] = [
        Binding(.accept, "Enter", in: [.line, .dialogText], "done", hint: "done"),
        Binding(.accept, "Enter", in: [.form], "next field, and at last go on", hint: "next"),
        Binding(.dismiss, "Esc Ctrl-c", in: .typing, "give up", hint: "give up"),
        Binding(.complete, "Tab", in: [.line], "complete", hint: "complete"),
        Binding(.historyBack, "Up Ctrl-p", in: [.line], "what was typed before", hint: "history"),
        Binding(.historyForward, "Down Ctrl-n", in: [.line], "what was typed after"),
        Binding(.nextField, "Tab Down", in: [.form, .dialogText], "next field"),
        Binding(.previousField, "Shift-Tab Up", in: [.form, .dialogText], "previous field"),
        Binding(.eraseBack, "Backspace Ctrl-h", in: .typing, "erase to the left"),
        Binding(.eraseForward, "Delete Ctrl-d", in: .typing, "erase under the cursor"),
        Binding(.eraseWord, "Ctrl-w", in: .typing, "erase the word to the left"),
        Binding(.eraseLine, "Ctrl-u", in: .typing, "erase the line"),
        Binding(.cursorLeft, "Left Ctrl-b", in: .typing, "to the left"),
        Binding(.cursorRight, "Right Ctrl-f", in: .typing, "to the right"),
        Binding(.cursorHome, "Home Ctrl-a", in: .typing, "to the beginning"),
        Binding(.cursorEnd, "End Ctrl-e", in: .typing, "to the end"),
    ]
}
