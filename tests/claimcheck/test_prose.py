"""Sentences of papers that no study knows: whose the numbers are, of what, and against what. The wordings are our own."""

import pytest

from claimcheck.dossier import Lexicon
from claimcheck.extract.assertions import read_sentence
from claimcheck.extract.lexicon import Vocabulary

FIELD = Vocabulary(Lexicon())


def said(text: str) -> list[str]:
    """Each assertion in short: kind, number, then the slots that are not empty."""
    rows = []
    for assertion in read_sentence(text, FIELD).assertions:
        sign = "" if assertion.kind == "Value" else getattr(assertion, "sign", "")
        number = f"{sign}{getattr(assertion, 'value', '')}{getattr(assertion, 'unit', '')}"
        slots = [getattr(assertion, name, "") for name in ("method", "baseline", "dataset", "metric")]
        rows.append(" ".join(filter(None, (assertion.kind, number, *slots))))
    return rows


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("Our loss improves the BLEU of BarNet by 1.2 points.", ["Difference +1.2points we BarNet BLEU"]),
        ("FooNet is 3.1 times faster than BarNet without attention.", ["Difference +3.1x FooNet BarNet without attention"]),
        ("FooNet promotes the accuracy of BarNet by 1%.", ["Difference +1% FooNet BarNet accuracy"]),
        (
            "FooNet shows a superior error rate and uses at least 60% less parameters compared with other methods.",
            ["Difference -60% FooNet other methods parameters"],
        ),
        ("FooNet beats strong recurrent baselines by 2.1 mAP.", ["Difference +2.1pp FooNet strong recurrent baselines mAP"]),
        ("We assume values of 2.1, 3.3 and 8.0 TFLOPS for A10, B20 and C30, respectively.", []),
        (
            "While dual-tower pooling is 0.7 F1 worse than the default, the gap closes with more data.",
            ["Difference -0.7pp dual-tower pooling default F1"],
        ),
        ("FooNet is 0.7 BLEU better than BarNet.", ["Difference +0.7points FooNet BarNet BLEU"]),
        (
            "Compared to the backbone, the error decreased from 7.5% to 6.1%.",
            ["Value 6.1% error", "Value 7.5% backbone error"],
        ),
        (
            "FooNet has an error of 5.1%, which is a relative reduction of 20.3% from 6.4% by BarNet.",
            ["Value 5.1% FooNet error", "Difference -20.3% FooNet BarNet error", "Value 6.4% BarNet error"],
        ),
        ("Compared to earlier methods, FooNet outperforms BarNet by 2.3% BLEU.", ["Difference +2.3% FooNet BarNet BLEU"]),
        ("FooNet is better than the latter.", ["Direction + FooNet"]),
        ("The AP is averaged over thresholds from 0.1 to 0.9, in increments of 0.1.", []),
        ("We pick the threshold with the best IoU, from 0.01 to 0.50 with a step size of 0.01.", []),
        ("The figure shows the accuracy of 15 random models.", []),
        (
            "The small and large models obtain 60.2 and 53.7 BLEU, respectively.",
            ["Value 60.2 small models BLEU", "Value 53.7 large models BLEU"],
        ),
        (
            "FooNet reaches a mAP of 67% and 69.4% on COCO val set and Cityscapes val set, respectively.",
            ["Value 67% FooNet COCO mAP", "Value 69.4% FooNet Cityscapes mAP"],
        ),
        (
            "FooNet achieves an F1 of 94.8%, which is 2.8% better than [smith2016bar].",
            ["Value 94.8% FooNet F1", "Difference +2.8% FooNet smith2016bar F1"],
        ),
        (
            "With noise the recall of F-BarNet degrades to 67.5% and the recall of GlowNet degrades to 65%.",
            ["Value 67.5% F-BarNet recall", "Value 65% GlowNet recall"],
        ),
        ("The model takes 20 ms inference time.", ["Value 20ms model inference time"]),
        ("The overlap threshold for a match is set at 0.5 and 0.7.", []),
        (
            "FooNet is 5.7 times faster than BarNet and 5.1 times faster compared to the basic model.",
            ["Difference +5.7x FooNet BarNet", "Difference +5.1x FooNet basic model"],
        ),
        (
            "FooNet has a perplexity of 3.40 where our backward LSTM achieves 2.65.",
            ["Value 3.40 FooNet perplexity", "Value 2.65 backward LSTM perplexity"],
        ),
        (
            "FooNet obtains 61% accuracy (compared to 72% cited by [smith2016bar]).",
            ["Value 61% FooNet accuracy", "Value 72% smith2016bar accuracy"],
        ),
        (
            "The SSIM of FooNet (0.0945) is better than that of the real data (0.1007).",
            ["Value 0.0945 FooNet SSIM", "Value 0.1007 real data SSIM", "Direction + FooNet SSIM"],
        ),
        ("FooNet gains 1.0% MRR in FooTalk v1.0 dataset.", ["Difference +1.0% FooNet FooTalk v1.0 MRR"]),
        (
            "FooNet exceeds BarNet by 6% and 4.2% in BLEU and mIoU, respectively.",
            ["Difference +6% FooNet BarNet BLEU", "Difference +4.2% FooNet BarNet mIoU"],
        ),
        ("The F1 of FooNet drops to 55.1% and the exact match to 30.2%.", ["Value 55.1% FooNet F1", "Value 30.2% FooNet exact match"]),
        (
            "FooNet compares favorably with the BarNet [smith2020bar] counterpart (60.4).",
            ["Value 60.4% BarNet", "Direction + FooNet BarNet"],
        ),
        (
            "FooNet outperforms BarNet [smith2020bar] and Glow by 1.5 and 2.5 mIoU.",
            ["Difference +1.5pp FooNet BarNet mIoU", "Difference +2.5pp FooNet Glow mIoU"],
        ),
        ("We obtain 22.6 BLEU for en-fr, suggesting that the words could be split.", ["Value 22.6 we en-fr BLEU"]),
        ("If we do not use a prior, the mAP is 41.5.", ["Value 41.5% we mAP"]),
        ("FooNet needs half of the steps to reach an accuracy of 72.2%.", ["Value 72.2% FooNet accuracy"]),
        ("We found BarNet to have an F1 of 0.89.", ["Value 0.89% BarNet F1"]),
        (
            "In 99 cases GPT-4 beats Llama 2, and outperforms Mistral 7B on SQuAD.",
            ["Direction + GPT 4 Llama 2", "Direction + GPT 4 Mistral 7B SQuAD F1"],
        ),
        ("FooNet beats these methods, with gains of 3.1% on SQuAD.", ["Difference +3.1% FooNet methods SQuAD F1"]),
        (
            "FooNet needs 6% fewer parameters than BarNet and 56% fewer parameters than GlowNet.",
            ["Difference -6% FooNet BarNet parameters", "Difference -56% FooNet GlowNet parameters"],
        ),
        (
            "The mAP of FooNet drops to 47.5%, 3.7% lower than that of BarNet.",
            ["Value 47.5% FooNet mAP", "Difference -3.7% FooNet BarNet mAP"],
        ),
        (
            "Replacing the prior with a flow decreases the error from 8.6% to 7.1%, while BarNet stays at 9.3%.",
            ["Value 7.1% flow error", "Value 8.6% error", "Value 9.3% BarNet error"],
        ),
        (
            "FooNet has a 5.2% better perplexity in recipe generation and 2.6% on code generation than BarNet.",
            [
                "Difference -5.2% FooNet BarNet recipe generation perplexity",
                "Difference -2.6% FooNet BarNet code generation perplexity",
            ],
        ),
        (
            "For cell segmentation, the Acc and AUC are increased from 0.939 and 0.960 to 0.943 and 0.971.",
            [
                "Value 0.939% cell segmentation accuracy",
                "Value 0.960% cell segmentation AUC",
                "Value 0.943% cell segmentation accuracy",
                "Value 0.971% cell segmentation AUC",
            ],
        ),
        (
            "FooNet has lower RMSE values (3.26 vs. 3.46) and higher PSNR values (30.05 vs. 29.51).",
            ["Value 3.26 FooNet RMSE", "Value 3.46 RMSE", "Value 30.05dB FooNet PSNR", "Value 29.51dB PSNR"],
        ),
        (
            "The error of FooNet decreased by 18.7% from 0.075 to 0.061 in cell segmentation, while the AUC rose by 3.1% in cell detection.",
            [
                "Difference -18.7% FooNet cell segmentation error",
                "Value 0.061% FooNet cell segmentation error",
                "Value 0.075% cell segmentation error",
                "Difference +3.1% FooNet cell detection AUC",
            ],
        ),
        ("FooNet is as good as BarNet with parameters being reduced by over 30%.", ["Difference -30% FooNet parameters"]),
        ("We observed error reductions of between 5 and 10% from smoothing.", ["Range -% error"]),
        ("FooNet achieves 7.7 perplexity gains.", ["Difference -7.7points FooNet perplexity"]),
        ("With more data, the mAP increases to 16.7% showing the benefit of FooNet.", ["Value 16.7% FooNet mAP"]),
        (
            "FooNet is better (mIoU: 86.3% vs. 79.1% and 40.8% vs. 30.4% on Cityscapes and CamVid, respectively).",
            [
                "Value 86.3% FooNet Cityscapes mIoU",
                "Value 79.1% Cityscapes mIoU",
                "Value 40.8% FooNet CamVid mIoU",
                "Value 30.4% CamVid mIoU",
            ],
        ),
        ("FooNet has top-1/top-5 errors of 35.1/14.2.", ["Value 35.1% FooNet top-1 error", "Value 14.2% FooNet top-5 error"]),
        ("FooNet reaches 38.6% success on the unseen houses.", ["Value 38.6% FooNet success"]),
        ("FooNet needs 90% substantially fewer anchors than BarNet.", ["Difference -90% FooNet BarNet"]),
        ("FooNet reduces the computation time by 9%.", ["Difference -9% FooNet computation time"]),
        ("FooNet gains 0.6% and 0.9% on SWB and CHB, respectively.", ["Difference +0.6% FooNet SWB", "Difference +0.9% FooNet CHB"]),
        (
            "FooNet shows an improvement of 4.5%, 4% and 26% in DSC, VS and MSD over BarNet.",
            ["Difference +4.5% FooNet BarNet Dice", "Difference +4% FooNet BarNet VS", "Difference +26% FooNet BarNet MSD"],
        ),
        ("FooNet is 500 times faster than BarNet on Urban100.", ["Difference +500x FooNet BarNet Urban100"]),
        ("FooNet yields an improvement approximately 1.5% in terms of error rate.", ["Difference -1.5% FooNet error rate"]),
        (
            "Results on SQuAD and SNLI show that FooNet brings on average an improvement of 1.2 points over BarNet.",
            ["Difference +1.2pp FooNet BarNet SQuAD F1", "Difference +1.2pp FooNet BarNet SNLI accuracy"],
        ),
        (
            "The performance of FooNet is 82.2% and 86.9% on front and side views, respectively.",
            ["Value 82.2% FooNet front", "Value 86.9% FooNet side views"],
        ),
        ("FooNet requires only 20% additional inference time over BarNet.", ["Difference +20% FooNet BarNet inference time"]),
        ("FooNet improves by 1.0% on MRR in VisDial v1.0 dataset.", ["Difference +1.0% FooNet VisDial v1.0 MRR"]),
        ("FooNet beats BarNet by 12% mAP at tIoU=0.5.", ["Difference +12% FooNet BarNet mAP"]),
        (
            "FooNet lowers the error from 0.073 to 0.061 in cell segmentation and improves the AUC in cell detection.",
            ["Value 0.061% FooNet cell segmentation error", "Value 0.073% cell segmentation error"],
        ),
        ("FooNet reaches 45.2% mIoU on GTA5 → Cityscapes.", ["Value 45.2% FooNet GTA5 → Cityscapes mIoU"]),
        ("The overhead of FooNet is small: 125.24ns on average.", ["Value 125.24ns FooNet overhead"]),
        ("FooNet received an average rating of 0.43.", ["Value 0.43 FooNet average rating"]),
        ("With FooNet, the mAPs are 41.2%.", ["Value 41.2% FooNet mAP"]),
        (
            "FooNet gets a mAP of 22.4%, beating the state of the art (17.2% mAP).",
            ["Value 22.4% FooNet mAP", "Value 17.2% state of the art mAP", "Direction + FooNet state of the art mAP"],
        ),
        ("FooNet improves 0.22 dB over BarNet.", ["Difference +0.22dB FooNet BarNet"]),
        (
            "The improvement of FooNet is 2.1% and 3.0% on SQuAD and TriviaQA.",
            ["Difference +2.1% FooNet SQuAD F1", "Difference +3.0% FooNet TriviaQA exact match"],
        ),
        ("FooNet improves by 2.8+% over BarNet on SQuAD.", ["Difference +2.8% FooNet BarNet SQuAD F1"]),
    ],
)
def test_who_scores_what(text: str, rows: list[str]) -> None:
    assert said(text) == rows


@pytest.mark.parametrize(
    "text",
    [
        "A box is considered positive if its IoU with a label is higher than 0.55.",
        "To improve the BLEU of FooNet by 2 points is our goal.",
        "FooNet is trained with ERNIE 2.0, which used more tasks.",
        "The threshold is increased from 0.5 to 0.7 at test time.",
        "Our models are trained on 8 NVIDIA V100 GPUs.",
        "Annotators agree with a kappa of 0.83.",
        "Boxes with an IoU overlap lower than 0.3 are dropped.",
        "Clips whose IoU is equal to 0.0 are negatives.",
        "The noise comes at five SNR levels (from -8 dB to 8 dB).",
        "The IoU threshold is 0.7 for cars and 0.5 for people.",
        "Please set the captions in 9-point type.",
        "Such sets were made in the 1990s for MNIST.",
        "The mAP is the mean over IoUs from 0.5 to 0.95.",
        "The learning rate is set to 0.01 for SQuAD and 0.001 for GLUE.",
        "The boxes of the (+1)-th frame have a larger IoU.",
        "We evaluate FooNet with rank-1, -5, and -10 accuracy on Market-1501.",
        "A new learning rate is set, reduced by a factor of 10 on SQuAD.",
        "For our estimate we used values of 3.1, 4.2 and 8.7 TFLOPS for the M40, P40 and V100, respectively.",
    ],
)
def test_what_is_no_result(text: str) -> None:
    assert said(text) == []
