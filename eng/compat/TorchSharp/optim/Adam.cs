using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>Adam: steps of the gradients' mean over the root of their mean square. The decay is added to the gradient.</summary>
public partial class Adam : OptimizerHelper, optim.IBetas
{
    public Adam(
        IEnumerable<Parameter> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0, bool amsgrad = false,
        bool maximize = false)
        : this([new ParamGroup { Parameters = parameters }], lr, beta1, beta2, eps, weight_decay, amsgrad, maximize)
    {
    }

    public Adam(
        IEnumerable<ParamGroup> parameters, double lr = 0.001, double beta1 = 0.9, double beta2 = 0.999, double eps = 1e-08,
        double weight_decay = 0, bool amsgrad = false,
        bool maximize = false)
    {
        if (lr < 0.0)
            throw new ArgumentException($"Invalid learning rate: {lr}");
        if (beta1 < 0.0 || beta1 >= 1.0)
            throw new ArgumentException($"Invalid beta1 value: {beta1}");
        if (beta2 < 0.0 || beta2 >= 1.0)
            throw new ArgumentException($"Invalid beta2 value: {beta2}");
        if (eps < 0.0)
            throw new ArgumentException($"Invalid eps value: {eps}");
        if (weight_decay < 0.0)
            throw new ArgumentException($"Invalid weight_decay value: {weight_decay}");
        _defaults = new Options
        {
            LearningRate = lr,
            InitialLearningRate = lr,
            beta1 = beta1,
            beta2 = beta2,
            eps = eps,
            weight_decay = weight_decay,
            amsgrad = amsgrad,
            maximize = maximize,
        };
        foreach (var group in parameters)
            add_param_group(group);
    }

    public (double, double) Betas
    {
        get => (((Options)_defaults).beta1!.Value, ((Options)_defaults).beta2!.Value);
        set => (((Options)_defaults).beta1, ((Options)_defaults).beta2) = value;
    }

    public override void add_param_group(Modules.ParamGroup param_group)
    {
        param_group.Options ??= new Options();
        var options = (Options)param_group.Options;
        var defaults = (Options)_defaults;
        options.LearningRate ??= defaults.LearningRate;
        options.beta1 ??= defaults.beta1;
        options.beta2 ??= defaults.beta2;
        options.eps ??= defaults.eps;
        options.weight_decay ??= defaults.weight_decay;
        options.amsgrad ??= defaults.amsgrad;
        options.maximize ??= defaults.maximize;
        options.InitialLearningRate = options.LearningRate!.Value;
        base.add_param_group(param_group);
        foreach (var parameter in param_group.Parameters)
        {
            var state = new State(parameter);
            States[parameter] = state;
            state.Initialize(options);
        }
    }

    public override Tensor? step(Func<Tensor>? closure = null) => _step<ParamGroup>(Step, closure);

    private void Step(ParamGroup group)
    {
        var options = group.Options;
        var (rate, decay, eps) = (options.LearningRate!.Value, options.weight_decay!.Value, options.eps!.Value);
        var (beta1, beta2) = (options.beta1!.Value, options.beta2!.Value);
        foreach (var parameter in group.Parameters)
        {
            if (parameter.grad is not { } grad)
                continue;
            if (options.maximize is true)
                grad = -grad;
            var state = (State)States[parameter];
            state.step++;
            if (decay != 0)
                grad = grad.add(parameter, decay);
            state.exp_avg.mul_(beta1).add_(grad, 1 - beta1);
            state.exp_avg_sq.mul_(beta2).addcmul_(grad, grad, 1 - beta2);
            var square = state.exp_avg_sq;
            if (options.amsgrad is true)
            {
                var largest = state.max_exp_avg_sq!;
                square = largest.copy_(largest.maximum(state.exp_avg_sq));
            }
            var root = (square.sqrt() / Math.Sqrt(1 - Math.Pow(beta2, state.step))).add_(eps);
            parameter.addcdiv_(state.exp_avg, root, -rate / (1 - Math.Pow(beta1, state.step)));
        }
    }
}
