import Engine
import Hypervisor
import Model

/// Runs a list of jobs as one: one after the other, or some at once.
///
/// The jobs are its children; a group is a child of the same kind with children of its own. It
/// locks all that they will lock, so nobody comes between two of them.
struct SequenceKind: JobKind {
    let hypervisor: any Hypervisor
    let kinds: KindRegistry

    let name = "sequence"
    let summary = "Run a list of jobs as one, in order or some at once"
    let targetType = ""
    let parameters = [
        ParameterSpec("jobs", "the jobs as JSON; “submit sequence --file” writes it from YAML"),
        ParameterSpec("concurrency", "how many at once, 1 to 1000; 1 if left out"),
        ParameterSpec(
            "onFailure",
            "stop at the first failure, continue, or warn; stop if left out"
        ),
        ParameterSpec("name", "what it does, in your words"),
        ParameterSpec("part", "yes for a group of a sequence; never given by people"),
    ]

    func plan(_ order: Order) throws(Failure) -> Plan {
        var spec = try Self.spec(order)
        try fill(&spec, Place(""))
        let isPart = try order.flag("part")
        var locks = SequenceLocks(kinds: kinds, world: World(hypervisor), order: order)
        locks.isPart = isPart
        try locks.add(spec, Place(""))
        return Plan(
            summary: spec.summary,
            steps: [
                Step(
                    spec.summary,
                    .children(
                        Children(
                            spec.items.map(Self.child),
                            concurrency: spec.concurrency,
                            onFailure: spec.onFailure.policy
                        )
                    )
                )
            ],
            locks: locks.all
        )
    }

    private static func spec(_ order: Order) throws(Failure) -> SequenceSpec {
        guard let text = order.text("jobs") else {
            throw .validation("sequence needs its jobs: submit sequence --file jobs.yaml")
        }
        guard let value = JSONValue(json: text) else {
            throw .validation("jobs is not JSON; submit sequence --file takes YAML")
        }
        var spec = try SequenceSpec(value)
        if let limit = try order.number("concurrency", in: 1...1000) { spec.concurrency = limit }
        if let word = order.text("onFailure") { spec.onFailure = try Place("").onFailure(word) }
        if let name = order.text("name") { spec.name = name }
        return spec
    }

    /// Gives bare names the type that their kind acts on, and refuses what no engine could do.
    private func fill(_ spec: inout SequenceSpec, _ place: Place) throws(Failure) {
        for index in spec.items.indices {
            let here = Place("\(place.inner("jobs").path)[\(index)]")
            switch spec.items[index] {
            case .group(var group):
                try fill(&group, here)
                spec.items[index] = .group(group)
            case .job(var job):
                guard job.kind != name else {
                    throw here.wrong("a sequence within a sequence is a group: write jobs: here")
                }
                guard let kind = kinds[job.kind] else {
                    let known = kinds.all.map(\.name).joined(separator: ", ")
                    throw here.wrong("there is no kind “\(job.kind)”; known kinds: \(known)")
                }
                if job.target.type.isEmpty { job.target.type = kind.targetType }
                if job.target.name.isEmpty { job.target = .none }
                spec.items[index] = .job(job)
            }
        }
    }

    private static func child(_ item: SequenceSpec.Item) -> ChildSpec {
        switch item {
        case .job(let job): return job
        case .group(let group):
            var parameters = group.parameters
            parameters["part"] = "yes"
            return ChildSpec(
                "sequence",
                .none,
                parameters: parameters,
                weight: max(1, group.weight)
            )
        }
    }
}

extension SequenceSpec {
    /// The weights of all its jobs together.
    fileprivate var weight: Int {
        items.reduce(0) { sum, item in
            switch item {
            case .job(let job): sum + job.weight
            case .group(let group): sum + group.weight
            }
        }
    }
}

/// What the jobs of a sequence will lock, as far as it can be known before they run.
struct SequenceLocks {
    let kinds: KindRegistry
    let world: World
    let order: Order
    /// Whether it is a group of a sequence at work: what makes no sense then fails by itself.
    var isPart = false
    private var earlier: [ChildSpec] = []
    private var modes: [String: LockMode] = [:]

    init(kinds: KindRegistry, world: World, order: Order) {
        self.kinds = kinds
        self.world = world
        self.order = order
    }

    /// All of them, one for each resource, by name.
    var all: [LockRequest] {
        modes.sorted { $0.key < $1.key }.map { LockRequest($0.key, $0.value) }
    }

    /// Adds what the jobs of a list will lock.
    mutating func add(_ spec: SequenceSpec, _ place: Place) throws(Failure) {
        let before = earlier
        for (index, item) in spec.items.enumerated() {
            // What runs at once may run in any order.
            if spec.concurrency > 1 {
                let others = spec.items.enumerated().filter { $0.offset != index }
                earlier = before + others.flatMap(\.element.jobs)
            }
            let here = Place("\(place.inner("jobs").path)[\(index)]")
            switch item {
            case .group(let group): try add(group, here)
            case .job(let job): try add(job, here)
            }
            if spec.concurrency == 1 { earlier = before + spec.items[...index].flatMap(\.jobs) }
        }
        earlier = before + spec.items.flatMap(\.jobs)
    }

    private mutating func add(_ job: ChildSpec, _ place: Place) throws(Failure) {
        var order = Order(
            target: job.target,
            parameters: job.parameters,
            user: order.user,
            account: order.account
        )
        // The jobs before it change the world; when it is its turn it is asked in earnest.
        order.isTentative = true
        var isKnown = true
        do {
            for lock in try kinds.plan(kind: job.kind, order).locks { take(lock) }
        } catch {
            isKnown = false
            guard isMadeBefore(job) || isPart, error.text.hasPrefix("there is no ") else {
                throw place.wrong("\(job.kind) \(job.target): \(error.text)")
            }
            guard isMadeBefore(job) else { return }
            take(.exclusive(job.target.description))
        }
        // Which host its VM is on by then is not known: all are taken, shared, against one of
        // them being emptied meanwhile.
        if job.target.type == "vm", !isKnown || mayHaveMoved(job) {
            for host in world.inventory.hosts.names { take(.shared("host/" + host)) }
        }
    }

    private mutating func take(_ lock: LockRequest) {
        if modes[lock.resource] != .exclusive { modes[lock.resource] = lock.mode }
    }

    /// Whether a job before it makes what it acts on.
    private func isMadeBefore(_ job: ChildSpec) -> Bool {
        earlier.contains { other in
            other.target == job.target
                || (other.kind == "vm.rename" && other.parameters["name"] == job.target.name)
        }
    }

    /// Whether a job before it may bring its VM to another host.
    private func mayHaveMoved(_ job: ChildSpec) -> Bool {
        earlier.contains { other in
            other.target.type == "host"
                || (other.target == job.target && Self.movers.contains(other.kind))
        }
    }

    private static let movers: Set = ["vm.start", "vm.deploy", "vm.migrate"]
}

extension SequenceSpec.Item {
    /// Its jobs, those of groups included, in order.
    fileprivate var jobs: [ChildSpec] {
        switch self {
        case .job(let job): [job]
        case .group(let group): group.items.flatMap(\.jobs)
        }
    }
}
