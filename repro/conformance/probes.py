"""Probe cases: logits from stored weights, and losses over a few steps of training."""

from collections.abc import Mapping

import torch
from torch import Tensor, nn

from repro.conformance.golden import Case, Unsupported
from repro.models.weights import load_strictly
from repro.probes.attentive import AttentiveProbe
from repro.probes.linear import LinearProbe


def probe(case: Case) -> nn.Module:
    """The probe that the settings describe, with the case's weights."""
    s = case.settings
    s.require("probe", "attentive", "linear")
    s.require("class_token_position", 0)
    s.require("residual", True)
    network: nn.Module
    if s["probe"] == "attentive":
        network = AttentiveProbe(s["dim"], s["classes"], s["heads"], s["norm_eps"], s["qkv_bias"])
    else:
        network = LinearProbe(s["dim"], s["classes"])
    load_strictly(network, case.own_weights()[1])
    return network


@torch.no_grad()
def logits(case: Case) -> Mapping[str, Tensor]:
    return {"logits": probe(case).to(case.device).eval()(case.need("tokens").to(case.device))}


def train_losses(case: Case) -> Mapping[str, Tensor]:
    s = case.settings
    s.require("dropout", 0.0)
    s.require("loss", "cross_entropy")
    s.require("optimiser", "adamw")
    s.require("weight_decay_on", "all_parameters")
    s.require("loss_recorded", "before_each_step")
    if s["batch"] != "full":
        raise Unsupported(f"batch {s['batch']!r} is not implemented; only 'full'")
    network = probe(case).to(case.device).train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=s["lr"], weight_decay=s["weight_decay"], betas=tuple(s["betas"]), eps=s["eps"])
    features, labels = case.need("tokens").detach().to(case.device), case.need("labels").to(case.device)
    losses = []
    for _ in range(s["steps"]):
        loss = nn.functional.cross_entropy(network(features), labels)
        losses.append(loss.detach())
        optimiser.zero_grad()
        torch.autograd.backward(loss)
        optimiser.step()
    return {"loss_per_step": torch.stack(losses)}
