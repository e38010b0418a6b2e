import Model

/// The menus, made from the tables of what there is.
enum Menus {
    /// Every action on a job; those that make no sense say why.
    static func actions(on job: Job, at now: Timestamp, by model: ConsoleModel) -> Menu {
        let standing = model.isReadOnly ? nil : model.snapshot?.standing
        let captured = CapturedJob(job, at: now)
        let items = (OperatorAction.everything + OperatorAction.more(for: job)).map { action in
            MenuItem(
                action.menuKey(for: job),
                action.title,
                note: action.note,
                refusal: standing?.refusal(action.right(on: .job(job.id)), account: job.account)
                    ?? ActionRules.refusal(action, of: job, isReadOnly: model.isReadOnly),
                .job(action, captured)
            )
        }
        return Menu("\(captured.text) (\(job.state.word))", items)
    }

    /// The jobs that can be submitted for a VM or host, and what else can be done to it.
    static func work(
        _ actions: [WorkAction],
        on target: String,
        state: String,
        isReadOnly: Bool,
        more: [MenuItem] = []
    ) -> Menu {
        let items = actions.map { action in
            MenuItem(
                action.key,
                action.label,
                note: action.kind,
                refusal: action.refusal(state: state, isReadOnly: isReadOnly),
                .work(action, on: target)
            )
        }
        return Menu("\(target) (\(state))", items + more)
    }

    /// What can be done to the lane of a host.
    static func lane(of host: HostLine, by model: ConsoleModel) -> [MenuItem] {
        let name = "host/" + host.name
        let standing = model.isReadOnly ? nil : model.snapshot?.standing
        func item(_ key: Character, _ action: OperatorAction, _ note: String, _ why: String?)
            -> MenuItem
        {
            let forbidden =
                model.isReadOnly
                ? "this console is read-only"
                : standing?.refusal(action.right(on: .lane(name)))
            let label = action.title + " its lane"
            return MenuItem(key, label, note: note, refusal: forbidden ?? why, .lane(action, name))
        }
        let pause = host.lane?.pause
        let isPaused = pause.map { "\($0.by) has paused it" }
        return [
            item("p", .pause(until: nil, drains: false), "nothing begins there", isPaused),
            item("r", .resume, "work begins again", pause == nil ? "it is not paused" : nil),
        ]
    }

    /// The orders of the list of jobs.
    static func sort(_ current: JobQuery.Order) -> Menu {
        let keys = Array("1234567890")
        let items = zip(keys, JobQuery.Order.allCases).map { key, order in
            MenuItem(key, order.title, note: order == current ? "now" : "", .sort(order))
        }
        var menu = Menu("Sort by", items)
        menu.cursor = JobQuery.Order.allCases.firstIndex(of: current) ?? 0
        return menu
    }

    /// What of a job can be copied.
    static func copy(_ job: Job, at now: Timestamp, program: String) -> Menu {
        let row = [
            job.id.description, job.state.word, "\(job.progress)%", job.kind,
            job.target.description, job.user, JobWhy.line(job, engineAlive: true, now: now),
        ]
        return Menu(
            "Copy",
            [
                MenuItem("i", "Number", note: job.id.description, .copy(job.id.description)),
                MenuItem("u", "UUID", note: job.uuid, .copy(job.uuid)),
                MenuItem(
                    "t",
                    "Target",
                    note: job.target.description,
                    .copy(job.target.description)
                ),
                MenuItem("r", "Row", .copy(row.joined(separator: "\t"))),
                MenuItem(
                    "c",
                    "Command",
                    note: "\(program) job show \(job.id)",
                    .copy("\(program) job show \(job.id)")
                ),
            ]
        )
    }
}

extension OperatorAction {
    /// What it comes to, in a few words.
    var note: String {
        switch self {
        case .stop(.cancel): "stop at the next step, then undo"
        case .stop(.abort): "interrupt the step now, then undo"
        case .stop(.abandon): "stop tracking; its number must be typed"
        case .retry: "a new job that does the same"
        case .resolve(.retry): "try the failed undo again"
        case .resolve(.skip): "leave it out, go on with the others"
        case .resolve(.giveUp): "undo nothing more and end it"
        case .acknowledge: "you know of it"
        case .settle(.ask): "what became of its operation"
        case .settle(.interrupt): "stop the operation it left behind"
        case .settle(.settleDone): "you verified that it was done"
        case .settle(.settleNotDone): "you verified that it was not done"
        case .release: "end its holder"
        case .pin: "keep it for longer than the others"
        case .unpin: "leave it to retention again"
        case .prioritize: "sooner or later at its next slot"
        case .approve: "it goes on; not for its submitter"
        case .reject: "it ends; it has done nothing"
        default: ""
        }
    }
}

extension JobQuery.Order {
    /// As it is called on the screen.
    var title: String {
        switch self {
        case .activity: "activity"
        case .newest: "newest first"
        case .oldest: "oldest first"
        case .state: "state"
        case .kind: "kind"
        case .target: "target"
        case .user: "user"
        case .progress: "progress"
        case .priority: "priority"
        case .age: "age"
        }
    }
}
