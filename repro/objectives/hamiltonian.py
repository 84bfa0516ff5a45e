"""Hamiltonian dynamics: half of the channels are positions q, half momenta p, and a learned energy moves them one step.

Hamiltonian neural networks (arXiv:1906.01563) with symplectic Euler steps.
"""

import torch
from torch import Tensor, nn

from repro.latents import Latents, power_error
from repro.objectives.objective import Objective


class Energy(nn.Module):
    """A scalar for every row of [q, p] (P, D); the sum over rows, since rows do not interact."""

    def __init__(self, dim: int, hidden: int) -> None:
        super().__init__()
        layers = [nn.Linear(dim, hidden), nn.GELU(), nn.Linear(hidden, hidden), nn.GELU(), nn.Linear(hidden, 1)]
        self.net = nn.Sequential(*layers)

    def forward(self, q: Tensor, p: Tensor) -> Tensor:
        energy: Tensor = self.net(torch.cat([q, p], -1)).sum()
        return energy


def symplectic_euler(energy: Energy, q: Tensor, p: Tensor, dt: float) -> tuple[Tensor, Tensor]:
    """q' = q + dt dE/dp at (q, p), then p' = p - dt dE/dq at (q', p); both differentiable again."""
    with torch.enable_grad():
        q, p = (x if x.requires_grad else x.detach().requires_grad_() for x in (q, p))
        (dp,) = torch.autograd.grad(energy(q, p), p, create_graph=True)
        q = q + dt * dp
        (dq,) = torch.autograd.grad(energy(q, p), q, create_graph=True)
        return q, p - dt * dq


class Hamiltonian(Objective):
    """Error of both halves after one step, against the teacher's next token, over pairs (arXiv:2605.17165, Hamiltonian)."""

    def __init__(self, dim: int, hidden: int = 256, dt: float = 0.1) -> None:
        super().__init__()
        self.dt = dt
        self.head = Energy(dim, hidden)

    def view_loss(self, latents: Latents) -> Tensor | None:
        if not latents.num_pairs:
            return None
        half = latents.now.shape[-1] // 2
        q, p = symplectic_euler(self.head, latents.now[:, :half], latents.now[:, half:], self.dt)
        after = latents.teacher_after
        position = power_error(q, after[:, :half], latents.exponent).mean()
        return position + power_error(p, after[:, half:], latents.exponent).mean()
