package import Engine
package import Model
import Synchronization

/// A backend whose answers a test writes down before, by verb; it remembers every call.
///
/// It keeps the contract of a real one: the same name is never done twice, and a fence older than
/// the newest seen for a subject is refused.
package final class ScriptedBackend: Backend {
    /// What becomes of an operation.
    package enum Answer: Hashable, Sendable {
        /// It is done after so many milliseconds.
        case done(after: Int64)
        /// The same, and it gives something back.
        case yields([String: String], after: Int64)
        /// It fails after so many milliseconds.
        case fails(Failure, after: Int64)
        /// It is never begun.
        case refuses(Failure)
        /// It begins and then stands still; it says so when asked, and can be interrupted.
        case hangs
        /// It begins, stands still, and cannot be interrupted.
        case isStubborn
        /// It begins and is done, but neither is told until somebody asks.
        case dropsAnswer(doneAfter: Int64)
        /// The call never arrives.
        case isLostOnTheWay
        /// It begins, and then nobody knows of it.
        case isForgotten
    }

    private struct Task {
        var call: OperationCall
        var answer: Answer
        var endsAt: Timestamp?
        var event: BackendNews.Event?
        var isTold = false
        var isEnded: Bool { event != nil && endsAt == nil }
    }

    private struct State {
        var answers: [String: [Answer]] = [:]
        var slots: [String: Int] = [:]
        var cutOff: Set<String> = []
        var places: [String: String] = [:]
        var entities: [String: [String: String]] = [:]
        var tasks: [String: Task] = [:]
        var order: [String] = []
        var fences: [String: Int64] = [:]
        var news: [BackendNews] = []
        var calls: [BackendCall] = []
        var executed: [OperationCall] = []
    }

    private let state = Mutex(State())
    private let usualSlots: Int

    /// A backend on which everything is done after 100 ms, unless told otherwise.
    package init(slotsPerLane: Int = 4) { usualSlots = slotsPerLane }

    // MARK: What a test says

    /// Sets the answers to a verb, in order; the last one is given again and again.
    package func script(_ verb: String, _ answers: Answer...) {
        state.withLock { $0.answers[verb] = answers }
    }

    /// Sets how many operations a lane takes at once.
    package func setSlots(_ count: Int, inLane lane: String) {
        state.withLock { $0.slots[lane] = count }
    }

    /// Has a lane's host fall silent: calls are refused, and its operations go on unseen.
    package func cutOff(lane: String) {
        state.withLock { _ = $0.cutOff.insert(lane) }
    }

    /// Has a lane's host answer again.
    package func restore(lane: String) {
        state.withLock { _ = $0.cutOff.remove(lane) }
    }

    /// Says which lane a lane's name stands for.
    package func place(_ lane: String, at host: String) {
        state.withLock { $0.places[lane] = host }
    }

    /// Says what an entity's fields are.
    package func set(_ fields: [String: String], of entity: String) {
        state.withLock { $0.entities[entity] = fields }
    }

    /// Ends a hanging operation: it is done by the next time somebody looks.
    package func finish(_ operation: String, at now: Timestamp) {
        state.withLock { state in
            state.tasks[operation]?.endsAt = now
            state.tasks[operation]?.event = .done([:])
        }
    }

    /// Says something of an operation, whatever is the case.
    package func say(_ operation: String, _ event: BackendNews.Event) {
        state.withLock { $0.news.append(BackendNews(operation: operation, event)) }
    }

    // MARK: What a test asks

    /// Every call, in order.
    package var calls: [BackendCall] { state.withLock { $0.calls } }

    /// The operations that were really begun, in order, each once.
    package var executed: [OperationCall] { state.withLock { $0.executed } }

    /// The verbs that were really begun, in order.
    package var verbs: [String] { executed.map(\.operation.verb) }

    /// The names of operations that are at work now.
    package var running: [String] {
        state.withLock { state in
            state.order.filter { state.tasks[$0].map { !$0.isEnded } ?? false }
        }
    }

    // MARK: Backend

    /// Takes the calls in order.
    package func perform(_ calls: [BackendCall], at now: Timestamp) {
        state.withLock { state in
            for call in calls {
                state.calls.append(call)
                switch call {
                case .begin(let operation): Self.begin(operation, &state, at: now)
                case .probe(let name): Self.probe(name, &state, at: now)
                case .interrupt(let name, let fence):
                    Self.interrupt(name, fence: fence, &state, at: now)
                case .clear(let name): Self.clear(name, &state)
                }
            }
        }
    }

    /// Answers to calls, then the ends of operations that have come.
    package func takeNews(at now: Timestamp) -> [BackendNews] {
        state.withLock { state in
            Self.endDue(&state, at: now)
            defer { state.news = [] }
            return state.news
        }
    }

    /// At once if there is something to say, else when the next operation ends.
    package func nextNews(after now: Timestamp) -> Timestamp? {
        state.withLock { state in
            guard state.news.isEmpty else { return now }
            return state.tasks.values.filter { task in
                if case .dropsAnswer = task.answer { return false }
                return !state.cutOff.contains(task.call.lane)
            }.compactMap(\.endsAt).min()
        }
    }

    /// The place that a test gave the lane, or itself.
    package func resolve(lane: String) -> String { state.withLock { $0.places[lane] ?? lane } }

    /// The fields that a test gave the entity.
    package func fields(_ names: [String], of entity: String) -> [String: String]? {
        state.withLock { $0.entities[entity]?.filter { names.contains($0.key) } }
    }

    /// The slots that a test gave the lane, or the usual number.
    package func slots(inLane lane: String) -> Int {
        state.withLock { $0.slots[lane] } ?? usualSlots
    }
}

extension ScriptedBackend {
    private static func begin(_ call: OperationCall, _ state: inout State, at now: Timestamp) {
        let subject = call.operation.subject
        func say(_ event: BackendNews.Event) {
            state.news.append(BackendNews(operation: call.name, event))
        }
        if state.cutOff.contains(call.lane) {
            let failure = Failure.scripted("\(call.lane) does not answer", kind: .unreachable)
            return say(.refused(failure))
        }
        guard call.fence >= state.fences[subject, default: 0] else {
            return say(.refused(.scripted("fence \(call.fence) is stale")))
        }
        guard state.tasks[call.name] == nil else {
            state.fences[subject] = call.fence
            return say(.accepted)
        }
        let answer = nextAnswer(to: call.operation.verb, &state)
        switch answer {
        case .refuses(let failure): return say(.refused(failure))
        case .isLostOnTheWay: return
        default: break
        }
        state.fences[subject] = call.fence
        state.executed.append(call)
        guard answer != .isForgotten else { return say(.accepted) }
        state.tasks[call.name] = task(call, answer, at: now)
        state.order.append(call.name)
        if case .dropsAnswer = answer { return }
        say(.accepted)
    }

    private static func task(_ call: OperationCall, _ answer: Answer, at now: Timestamp) -> Task {
        var task = Task(call: call, answer: answer)
        switch answer {
        case .done(let delay): (task.event, task.endsAt) = (.done([:]), now + delay)
        case .yields(let result, let delay):
            (task.event, task.endsAt) = (.done(result), now + delay)
        case .fails(let failure, let delay):
            (task.event, task.endsAt) = (.failed(failure), now + delay)
        case .dropsAnswer(let delay): (task.event, task.endsAt) = (.done([:]), now + delay)
        default: break
        }
        return task
    }

    private static func nextAnswer(to verb: String, _ state: inout State) -> Answer {
        guard var answers = state.answers[verb], let first = answers.first else {
            return .done(after: 100)
        }
        if answers.count > 1 {
            answers.removeFirst()
            state.answers[verb] = answers
        }
        return first
    }

    private static func probe(_ name: String, _ state: inout State, at now: Timestamp) {
        endDue(&state, at: now)
        guard let task = state.tasks[name] else {
            state.news.append(BackendNews(operation: name, .unknown))
            return
        }
        let event: BackendNews.Event =
            if state.cutOff.contains(task.call.lane) {
                .unreachable
            } else if task.isEnded, let event = task.event {
                event
            } else {
                .progress(0, "")
            }
        state.news.append(BackendNews(operation: name, event))
    }

    private static func interrupt(
        _ name: String,
        fence: Int64,
        _ state: inout State,
        at now: Timestamp
    ) {
        endDue(&state, at: now)
        func say(_ event: BackendNews.Event) {
            state.news.append(BackendNews(operation: name, event))
        }
        guard let task = state.tasks[name] else { return say(.unknown) }
        if state.cutOff.contains(task.call.lane) { return }
        guard fence >= state.fences[task.call.operation.subject, default: 0] else {
            return say(.notInterruptible("fence \(fence) is stale"))
        }
        if task.isEnded { return }
        if task.answer == .isStubborn { return say(.notInterruptible("it is stubborn")) }
        state.tasks[name]?.event = .interrupted
        state.tasks[name]?.endsAt = nil
        say(.interrupted)
    }

    private static func clear(_ name: String, _ state: inout State) {
        guard state.tasks[name]?.isEnded ?? false else { return }
        state.tasks[name] = nil
        state.order.removeAll { $0 == name }
    }

    /// Ends the operations whose time has come, and tells it unless that is to be kept quiet.
    private static func endDue(_ state: inout State, at now: Timestamp) {
        for name in state.order {
            guard let task = state.tasks[name], let end = task.endsAt, end <= now,
                let event = task.event, !state.cutOff.contains(task.call.lane)
            else { continue }
            state.tasks[name]?.endsAt = nil
            if case .dropsAnswer = task.answer { continue }
            state.news.append(BackendNews(operation: name, event))
        }
    }
}
