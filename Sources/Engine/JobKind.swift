package import Model

/// What a job can be: turns parameters into a plan before anything runs.
///
/// A kind does nothing itself. It looks at the world through whatever it was made with, checks the
/// order, and says as data which steps are to be taken, under which locks, and what takes each
/// step back. It is asked again right before the job begins if the job had to wait, because the
/// world may have changed; so it must be quick and have no effect.
package protocol JobKind: Sendable {
    /// Its name: `vm.start`.
    var name: String { get }
    /// What it does, in one line for lists and help.
    var summary: String { get }
    /// The type of its target: `vm`, `host`, `repository`; empty if it needs none.
    var targetType: String { get }
    /// What it can be told.
    var parameters: [ParameterSpec] { get }
    /// Whether an order may share the job of an equal one that has not begun, unless it says else.
    ///
    /// True where doing it twice in a row comes to the same as doing it once.
    var coalesces: Bool { get }

    /// Whether its jobs keep house, so that lists leave those out that nobody submitted.
    ///
    /// Its name stands in ``Model/InternalJobs`` then.
    var isInternal: Bool { get }

    /// The plan for an order.
    ///
    /// - Throws: a failure of validation whose text says what is wrong and what would be right.
    func plan(_ order: Order) throws(Failure) -> Plan
}

extension JobKind {
    /// Each order has a job of its own.
    package var coalesces: Bool { false }
    /// Its jobs are work that somebody wants to see.
    package var isInternal: Bool { false }
}

/// One parameter of a kind, for checks and help.
package struct ParameterSpec: Hashable, Sendable {
    /// Its name; one that ends in `.*` stands for all that begin so: `env.*`.
    package var name: String
    /// What it means, in one line, with its unit.
    package var help: String
    /// Whether an order without it is refused.
    package var isRequired: Bool
    /// Whether its value is a secret: kept out of the store, and gone when the job ends.
    ///
    /// The kind's plan is made with a stand-in for it, which is replaced when an
    /// operation is handed to the backend.
    package var isSecret: Bool

    /// A parameter with all its parts.
    package init(_ name: String, _ help: String, isRequired: Bool = false, isSecret: Bool = false) {
        self.name = name
        self.help = help
        self.isRequired = isRequired
        self.isSecret = isSecret
    }

    /// Whether a parameter of that name is meant.
    package func covers(_ given: String) -> Bool {
        guard name.hasSuffix(".*") else { return given == name }
        return given.hasPrefix(name.dropLast()) && given.count >= name.count
    }
}

/// What a kind is asked to plan.
package struct Order: Hashable, Sendable {
    /// What to act on.
    package var target: Target
    /// The details, by name.
    package var parameters: [String: String]
    /// Who asked.
    package var user: String
    /// On whose account it counts.
    package var account: String
    /// Whether the job would wait behind others that may change the world first.
    ///
    /// A kind then checks only what they cannot change, such as names and parameters, and not in
    /// which state a VM is. It is asked again, with this false, right before the job begins.
    package var isTentative = false

    /// An order with all its parts.
    package init(
        target: Target,
        parameters: [String: String] = [:],
        user: String = "",
        account: String = ""
    ) {
        self.target = target
        self.parameters = parameters
        self.user = user
        self.account = account
    }
}

/// The kinds an engine knows, by name.
package struct KindRegistry: Sendable {
    private let kinds: [String: any JobKind]
    /// The secret parameters of the kinds that have some.
    private let secrets: [String: Set<String>]

    /// A registry of these kinds; of two with the same name the later one counts.
    package init(_ kinds: [any JobKind]) {
        self.kinds = Dictionary(kinds.map { ($0.name, $0) }) { _, later in later }
        secrets = self.kinds.mapValues { kind in
            Set(
                kind.parameters.filter { $0.isSecret || SecretMask.isSecret(name: $0.name) }
                    .map(\.name)
            )
        }.filter { !$0.value.isEmpty }
    }

    /// All kinds, by name.
    package var all: [any JobKind] { kinds.values.sorted { $0.name < $1.name } }

    /// The kind with that name; nil if there is none.
    package subscript(name: String) -> (any JobKind)? { kinds[name] }

    /// The parameters of a kind that are secret, by what it says of them or by their names.
    package func secretParameters(of kind: String) -> Set<String> { secrets[kind] ?? [] }

    /// Makes the plan for a submission, after checking it against the kind's parameters.
    ///
    /// - Throws: a failure of validation naming the kind, the parameter and what is known instead.
    package func plan(kind name: String, _ order: Order) throws(Failure) -> Plan {
        guard let kind = kinds[name] else {
            let known = kinds.keys.sorted().joined(separator: ", ")
            throw .validation("there is no kind “\(name)”; known kinds: \(known)")
        }
        let known = kind.parameters
        let strangers = order.parameters.keys.filter { name in
            !known.contains { $0.covers(name) }
        }
        if let stranger = strangers.min() {
            let names = known.map(\.name).sorted().joined(separator: ", ")
            let list = known.isEmpty ? "none" : names
            throw .validation("\(name) has no parameter “\(stranger)”; it has: \(list)")
        }
        for parameter in kind.parameters
        where parameter.isRequired && order.parameters[parameter.name, default: ""].isEmpty {
            throw .validation("\(name) needs \(parameter.name)=…: \(parameter.help)")
        }
        if !kind.targetType.isEmpty && order.target.name.isEmpty {
            throw .validation("\(name) needs a target of type \(kind.targetType)")
        }
        if !kind.targetType.isEmpty && order.target.type != kind.targetType {
            throw .validation(
                "\(name) acts on a \(kind.targetType), not on “\(order.target)”"
            )
        }
        let plan = try kind.plan(order)
        if let problem = PlanCheck.problem(of: plan) {
            throw .validation("the plan that \(name) made cannot be carried out: \(problem)")
        }
        return plan
    }
}
